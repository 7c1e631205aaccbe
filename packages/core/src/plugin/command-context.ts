import type { Harness } from "../harness/harness.ts";

/** Colors and styles for text on a terminal; each returns the text unchanged where none are wanted. */
export type TextStyles = Readonly<
  Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", (text: string) => string>
>;

/** One of the streams that a command writes to. What is printed cannot control the terminal. */
export interface CommandOutput {
  readonly isTTY: boolean;
  readonly colors: TextStyles;
  line(text?: string): void;
  /** Prints a value as one line of JSON. */
  json(value: unknown): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
}

/** How a question is asked. */
export interface ConsentOptions {
  /** `--yes` was given: the answer is yes. */
  readonly yes?: boolean | undefined;
  /** A program reads the output: nothing is asked, and the answer is no. */
  readonly json?: boolean | undefined;
  /** What Enter alone means. Default: yes. */
  readonly byDefault?: boolean;
  /** The variable `CI` also answers yes. Only for installing tools. */
  readonly ciAgrees?: boolean;
  /** Called before a question is asked. */
  readonly beforeAsking?: () => void;
}

/** Shows what a command is doing: a line that changes on a terminal, a line for each message elsewhere. */
export interface Progress {
  say(message: string): void;
  stop(): void;
}

/** Reads and changes the settings of a plugin in the user's own configuration. */
export interface PluginSettings {
  read(): Promise<Readonly<Record<string, unknown>>>;
  /** Writes the settings that `change` returns; resolves to the path of the file. */
  change(change: (before: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>): Promise<string>;
}

/** What a plugin's command gets from the command line. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Glovebox's state directory. */
  readonly home: string;
  /** Identifies this state directory: the owner of what is made for it. */
  readonly owner: string;
  readonly stdout: CommandOutput;
  readonly stderr: CommandOutput;
  /** Directories from which packages are looked up, in this order. */
  readonly resolveFrom: readonly string[];
  /** The user's own packages; the last of `resolveFrom`. */
  readonly packagesDirectory: string;
  /** Installs a package with npm into `packagesDirectory`, without running its install scripts. */
  installPackage(what: string): Promise<void>;
  createConsent(options: ConsentOptions): (question: string) => Promise<boolean>;
  /** Asks a question that `--yes` does not answer. `undefined` where nobody can be asked. */
  askTrust(question: string): Promise<boolean | undefined>;
  createProgress(): Progress;
  /** Calls `first` on the first Ctrl-C and `second` on the second, until disposed. */
  listenForInterrupts(listener: { readonly first: () => void; readonly second: () => void }): Disposable;
  /** Rewrites `glovebox …` in a text to the name by which the command was started. */
  asTyped(text: string): string;
  /** The settings of a provider, by its name: `docker`. */
  settingsOf(provider: string): PluginSettings;
  /** Builds a template as `glovebox template build` does with these options. Resolves to the exit code. */
  buildTemplate(options: Readonly<Record<string, unknown>>): Promise<number>;
  /** The harness that the user's configuration names. */
  loadHarness(): Promise<Harness>;
}

import type { CommandContext } from "./command-context.ts";

/** A positional argument of a command. */
export interface CommandArgument {
  /** `<name>` is required, `[name]` optional, and `[name...]` takes all that follow. */
  readonly syntax: string;
  readonly help: string;
}

/** An option of a command. */
export interface CommandOption {
  /** As in a help text: `-y, --yes`, `--port <n>`. Its value is passed on under the camel-case name: `port`. */
  readonly flags: string;
  readonly help: string;
  /** The environment variable that sets it, too. */
  readonly env?: string;
  readonly default?: unknown;
  /** Parses the value; a `TypeError` is shown as what is wrong with it. `previous` is the value so far: for options given repeatedly. */
  readonly parse?: (text: string, previous: unknown) => unknown;
  /** The camel-case names of options that cannot be given together with this one. */
  readonly conflicts?: readonly string[];
}

/** What was typed. */
export interface CommandInput {
  /** By position; a variadic argument is an array. */
  readonly args: readonly unknown[];
  /** By camel-case name. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command that a plugin adds to the command line, or one of its subcommands. */
export interface PluginCommand {
  readonly name: string;
  /** What `--help` says about it, in the imperative. */
  readonly description: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  readonly commands?: readonly PluginCommand[];
  /** Runs it. Resolves to the exit code. Without it, the command only groups its subcommands. */
  readonly run?: (input: CommandInput, context: CommandContext) => Promise<number>;
}

/** By the names that the `glovebox.commands` field of the package's manifest lists. */
export type PluginCommands = Readonly<Record<string, () => Promise<PluginCommand>>>;

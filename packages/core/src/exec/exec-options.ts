/** How `exec` runs a program. Every option may be left out. */
export interface ExecOptions {
  /** What the program reads on standard input. By default it reads end of file at once. */
  readonly input?: string | Uint8Array;
  /** The working directory, as an absolute path in the sandbox. `/workspace` by default. */
  readonly cwd?: string;
  /** Environment variables, added to the sandbox's own. Nothing is inherited from the host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the program and all its descendants after this time, in milliseconds. No limit by default. */
  readonly timeoutMs?: number;
  /** The most that is kept of each stream, in bytes; more is read and dropped. 8 MiB by default. */
  readonly maxBytes?: number;
  /** Aborting it kills the program and all its descendants; `exec` rejects with an `aborted` error. */
  readonly signal?: AbortSignal | undefined;
  /** `utf8` (the default) returns text, `buffer` returns the bytes as they are. */
  readonly encoding?: "utf8" | "buffer";
  /** Whether text loses its final newline, as in a shell's `$(…)`. True by default. */
  readonly stripFinalNewline?: boolean;
  /** Receives standard output as it arrives, in addition to the result. An error that it throws kills the program. */
  readonly onStdout?: (bytes: Uint8Array) => void;
  /** Receives standard error as it arrives, in addition to the result. An error that it throws kills the program. */
  readonly onStderr?: (bytes: Uint8Array) => void;
  /** Runs the program as root. Rejects with `capability-unsupported` in a sandbox without a root user of its own. */
  readonly asRoot?: boolean | undefined;
}

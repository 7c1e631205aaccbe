/** A piece of output. `offset` counts the bytes of both streams together, in the order in which they were read. */
export type OutputChunk =
  | { readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array; readonly offset: number }
  /** Output that a late or slow reader has missed permanently, in bytes. */
  | { readonly gap: number; readonly offset: number }
  /** The output was cut off a short time after the process ended, because something else still held it open. */
  | { readonly cut: true; readonly offset: number }
  /** The connection broke and is being made again; the output continues from here. */
  | { readonly reconnecting: true; readonly offset: number };

/** How a process in a sandbox ended. */
export interface ProcessExit {
  /** Null when a signal ended it, or when it is not known. Never guessed. */
  readonly exitCode: number | null;
  readonly signal?: string;
  /** `lost`: the connection broke and the exit is unknown. */
  readonly reason: "exited" | "killed" | "timeout" | "oom" | "lost";
}

/** A process in a sandbox. */
export interface SandboxProcess {
  readonly id: string;
  readonly pid?: number;
  /** For one reader. Ends when the output ends; throws `lost` when the connection breaks and cannot be restored. */
  readonly output: AsyncIterable<OutputChunk>;
  /** Settles when the process has ended, whoever still holds its output. Never rejects. */
  readonly exit: Promise<ProcessExit>;
  /** Resolves when the bytes are on their way; waits while the process does not read. */
  write(bytes: Uint8Array): Promise<void>;
  closeInput(): Promise<void>;
  /**
   * Ends the process and every descendant of it, those that called setsid included, and resolves when they are gone.
   * Default: `SIGKILL`; with another signal only the process itself gets it. A no-op after the exit.
   */
  kill(signal?: string): Promise<void>;
}

/** A process that a sandbox has started. */
export interface ProcessInfo {
  readonly id: string;
  readonly pid?: number;
  readonly argv: readonly string[];
  readonly tag?: string;
  readonly startedAt: Date;
  readonly exit?: ProcessExit;
}

/** How a program in a sandbox is started. Every option may be left out. */
export interface SpawnOptions {
  /** Default: `workspaceDir`. */
  readonly cwd?: string;
  /** Added to the sandbox's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** `closed` (the default): reads end of file at once. `open`: `write` and `closeInput` follow. Bytes: written, then closed. */
  readonly stdin?: "closed" | "open" | Uint8Array;
  /** Kills the process and every descendant after this time; the exit says `timeout`. Default: no limit. */
  readonly timeoutMs?: number;
  /** Starts it as root. `capability-unsupported` unless the sandbox has a root of its own. */
  readonly asRoot?: boolean;
  /** Found again in `processes()`. */
  readonly tag?: string;
  /**
   * `attached` (the default): a slow reader slows the process down. `detached`: a bounded ring is kept, the process never
   * waits, and a reader that comes too late sees a gap.
   */
  readonly output?: "attached" | "detached";
  /** Aborting it kills the process, as long as it runs. */
  readonly signal?: AbortSignal;
}

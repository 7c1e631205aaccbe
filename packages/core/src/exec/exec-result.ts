import type { ProcessExit } from "../provider/sandbox-process.ts";

/** What a program printed, and how it ended. */
export interface ExecResult<Output extends string | Buffer = string> {
  readonly stdout: Output;
  readonly stderr: Output;
  /** `null` when the program was killed: by a signal, its timeout, or the memory limit. */
  readonly exitCode: number | null;
  /** The signal that ended the program. */
  readonly signal?: string;
  readonly reason: Exclude<ProcessExit["reason"], "lost">;
  /** Whether `timeoutMs` ended the program. The output up to then is in the result. */
  readonly timedOut: boolean;
  /** Whether standard output was longer than `maxBytes`. */
  readonly stdoutTruncated: boolean;
  /** Whether standard error was longer than `maxBytes`. */
  readonly stderrTruncated: boolean;
}

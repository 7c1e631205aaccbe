import type { Output } from "./output.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything of the process that commands may touch. */
export interface Terminal {
  readonly env: Environment;
  /** The directory that relative paths start from. */
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Whether someone is there to answer a question. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true && terminal.stderr.isTTY && !inCi(terminal.env);
}

export function inCi(env: Environment): boolean {
  return env.CI !== undefined && !["", "0", "false"].includes(env.CI);
}

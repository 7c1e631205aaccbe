import { inCi, isOn } from "./in-ci.ts";
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
  /** The address of the server that has the runs; absent where this machine has them. */
  readonly server?: string;
}

/** Whether someone is there to answer a question, and `GLOVEBOX_NO_INPUT` does not forbid it. */
export function canAsk({ stdin, stderr, env }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY && !inCi(env) && !isOn(env.GLOVEBOX_NO_INPUT);
}

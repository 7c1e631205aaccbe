import { PassThrough } from "node:stream";
import type { Cli } from "../../src/cli.ts";
import { Output } from "../../src/output.ts";
import { addedCommands, createAddedCommands } from "../../src/plugins/plugin-commands.ts";
import { createProgram } from "../../src/program.ts";

/** The program with every command that this repository has, to describe it. */
export async function referenceProgram(): Promise<ReturnType<typeof createProgram>> {
  const output = new Output(new PassThrough(), {});
  const cli: Cli = {
    terminal: { env: {}, cwd: "/", stdin: process.stdin, stdout: output, stderr: output },
    passedThrough: [],
    act: () => async () => {},
  };
  return createProgram(cli, await createAddedCommands(cli, addedCommands("/nonexistent"), () => true));
}

import { readText } from "../in-sandbox/read-text.ts";
import { writeText } from "../in-sandbox/write-text.ts";
import type { Program } from "./program.ts";

/** Connects to the sandbox of the input, says what it sees of it, and writes a file. */
export const connectAndLook: Program = async ({ provider, input, say, hear }) => {
  const sandbox = await provider.connect((input as { readonly id: string }).id);
  const content = await readText(sandbox, "/workspace/from-here");
  const process = (await sandbox.processes()).find(({ tag }) => tag === "from-here");
  await writeText(sandbox, "/workspace/from-there", "hello here");
  const { state } = await sandbox.info();
  await sandbox.close();
  say({ content, processId: process?.id, state });
  await hear();
};

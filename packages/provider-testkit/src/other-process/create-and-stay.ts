import type { SandboxSpec } from "@glovebox/core/provider";
import type { Program } from "./program.ts";

/** Creates the sandbox of the input, puts a file into it, says its id, and stays. */
export const createAndStay: Program = async ({ provider, input, say, hear }) => {
  const sandbox = await provider.create(input as SandboxSpec);
  const body = (async function* () {
    yield Buffer.from("made before the host died");
  })();
  await sandbox.files.writeStream("/workspace/work", body);
  say({ id: sandbox.id });
  await hear();
};

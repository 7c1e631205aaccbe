import { text } from "node:stream/consumers";
import type { SandboxSpec } from "@glovebox/core/provider";
import { createDockerProvider } from "../src/index.ts";

// Creates the sandbox that its input describes, puts a file into it, prints its id and then waits to be killed.
const spec = JSON.parse(await text(process.stdin)) as SandboxSpec;
const sandbox = await createDockerProvider().create(spec);
const file = (async function* () {
  yield Buffer.from("made before the host died");
})();
await sandbox.files.writeStream("/workspace/work", file);
process.stdout.write(`${sandbox.id}\n`);
setInterval(() => {}, 1000);

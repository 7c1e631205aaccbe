import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { TextReader } from "../../../in-sandbox/text-reader.ts";

const script = `
process.on("SIGTERM", () => { process.stdout.write("caught"); process.exit(9); });
setInterval(() => {}, 1000);
process.stdout.write("ready");
`;

export const killSignal: ConformanceCase = {
  name: "process/kill-signal",
  title: "Delivers another signal to the process, which may handle it, and rejects unknown signals",
  async run({ shared }) {
    const sandbox = await shared();
    const process = await sandbox.spawn(nodeScript(script));
    const output = new TextReader(process);
    await output.until("ready");
    await rejectsWith("invalid-options", process.kill("SIGNOSUCH"), "kill with an unknown signal");
    await process.kill("SIGTERM");
    await output.until("caught");
    assert.deepEqual(await process.exit, { exitCode: 9, reason: "exited" });
  },
};

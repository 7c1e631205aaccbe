import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { TextReader } from "../../../in-sandbox/text-reader.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

/** Says one word and says the second only when the file is there. */
const script = `
const { existsSync } = require("node:fs");
process.stdout.write("first");
const timer = setInterval(() => {
  if (!existsSync(process.argv[1])) return;
  process.stdout.write("second");
  clearInterval(timer);
}, 10);
`;

export const outputLive: ConformanceCase = {
  name: "process/output-live",
  title: "Streams output while the process runs",
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const gate = `${await makeDirectory(sandbox)}/gate`;
    const process = await sandbox.spawn(nodeScript(script, gate));
    const output = new TextReader(process);
    await output.until("first");
    await writeText(sandbox, gate, "");
    await output.until("second");
    assert.equal((await process.exit).exitCode, 0);
  },
};

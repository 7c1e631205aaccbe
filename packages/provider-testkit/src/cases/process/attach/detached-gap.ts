import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { collectOutput } from "../../../in-sandbox/collect-output.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

const script = `
const { writeSync } = require("node:fs");
const numbers = Array.from({ length: 1000 }, (_, index) => index);
for (let block = 0; block < 8000; block += 1) {
  const bytes = Buffer.from(numbers.map((index) => String(block * 1000 + index).padStart(9, "0") + "\\n").join(""));
  for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written);
}
`;
const lines = 8_000_000;
const lineBytes = 10;

export const detachedGap: ConformanceCase = {
  name: "process/detached-gap",
  title: "Never blocks a detached process on a reader; a late reader learns how much it missed and gets the rest",
  timeoutMs: 120_000,
  async run({ create }) {
    const sandbox = await create();
    const process = await sandbox.spawn(nodeScript(script), { output: "detached" });
    assert.deepEqual(await process.exit, { exitCode: 0, reason: "exited" });
    const { stdout, gap } = await collectOutput(await sandbox.attach(process.id, 0));
    assert.ok(gap > 0, `All ${lines * lineBytes} bytes were kept: what a process writes is bounded`);
    assert.equal(gap + stdout.length, lines * lineBytes);
    const hash = createHash("sha256");
    for (let line = Math.floor(gap / lineBytes); line < lines; line += 1) {
      const text = `${String(line).padStart(9, "0")}\n`;
      hash.update(line * lineBytes < gap ? text.slice(gap - line * lineBytes) : text);
    }
    assert.equal(createHash("sha256").update(stdout).digest("hex"), hash.digest("hex"), "The rest is what was written");
    const evicted = await collectOutput(await sandbox.attach(process.id, 1000), 1000);
    assert.equal(evicted.gap, gap - 1000, "An offset that is not kept any more gives the same gap");
  },
};

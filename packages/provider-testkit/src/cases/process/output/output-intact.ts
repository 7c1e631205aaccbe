import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import type { SandboxProcess } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { readText } from "../../../in-sandbox/read-text.ts";

/** Writes the given number of bytes, no two pieces of which are alike, then writes their hash to the file. */
const script = `
const { writeFileSync, writeSync } = require("node:fs");
const hash = require("node:crypto").createHash("sha256");
const block = Buffer.alloc(65536);
for (let at = 0; at < block.length; at += 1) block[at] = (at * 31) & 255;
let left = Number(process.argv[1]);
for (let index = 0; left > 0; index += 1) {
  block.writeUInt32BE(index);
  const piece = block.subarray(0, Math.min(left, block.length));
  hash.update(piece);
  for (let written = 0; written < piece.length;) written += writeSync(1, piece, written);
  left -= piece.length;
}
writeFileSync(process.argv[2], hash.digest("hex"));
`;

export const outputIntact: ConformanceCase = {
  name: "process/output-intact",
  title: "Delivers large output to a slow reader intact, while the process waits",
  timeoutMs: 180_000,
  async run({ shared, makeDirectory, limits }) {
    const sandbox = await shared();
    const done = `${await makeDirectory(sandbox)}/done`;
    const process = await sandbox.spawn(nodeScript(script, String(limits.outputBytes), done));
    const isDone = async () => (await sandbox.files.stat(done)) !== null;
    const { hash, wasDone } = await readSlowly(process, limits.outputBytes, isDone);
    assert.equal((await process.exit).exitCode, 0);
    assert.equal(hash, await readText(sandbox, done), "The bytes are those that were written");
    assert.equal(wasDone, false, "The process had written everything while a fifth was read: nothing held it up");
  },
};

async function readSlowly(
  process: SandboxProcess,
  outputBytes: number,
  isDone: () => Promise<boolean>,
): Promise<{ readonly hash: string; readonly wasDone: boolean }> {
  const hash = createHash("sha256");
  let bytes = 0;
  let wasDone: boolean | undefined;
  for await (const chunk of process.output) {
    assert.ok("bytes" in chunk, "Something is missing from the output");
    hash.update(chunk.bytes);
    bytes += chunk.bytes.length;
    await turn();
    if (bytes > outputBytes / 5) wasDone ??= await isDone();
  }
  assert.equal(bytes, outputBytes);
  return { hash: hash.digest("hex"), wasDone: wasDone ?? true };
}

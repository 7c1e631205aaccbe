import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { collectOutput } from "../../../in-sandbox/collect-output.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

/** Waits for a word, then writes to both streams in turn. */
const script = `
const { writeSync } = require("node:fs");
process.stdin.once("data", () => {
  for (let turn = 0; turn < 3000; turn += 1) { writeSync(1, "o".repeat(turn % 97)); writeSync(2, turn + "\\n"); }
  process.exit(0);
});
`;

export const attachTwoReaders: ConformanceCase = {
  name: "process/attach-two-readers",
  title: "Gives two concurrent readers, and one that comes after the end, the same output",
  async run({ shared, newProvider }) {
    const sandbox = await shared();
    const process = await sandbox.spawn(nodeScript(script), { stdin: "open" });
    const other = await newProvider().connect(sandbox.id);
    try {
      const readers = [process, await sandbox.attach(process.id, 0), await other.attach(process.id, 0)];
      const reading = readers.map((reader) => collectOutput(reader));
      await process.write(Buffer.from("go\n"));
      const transcripts = await Promise.all(reading);
      transcripts.push(await collectOutput(await other.attach(process.id, 0)));
      const digests = transcripts.map(({ stdout, stderr, gap }) =>
        createHash("sha256")
          .update(`${stdout.length} ${stderr.length} ${gap} `)
          .update(stdout)
          .update(stderr)
          .digest("hex"),
      );
      assert.equal(new Set(digests).size, 1, "The transcripts are equal");
      assert.equal(transcripts[0]?.gap, 0);
      assert.ok((transcripts[0]?.stdout.length ?? 0) > 100_000);
    } finally {
      await other.close();
    }
  },
};

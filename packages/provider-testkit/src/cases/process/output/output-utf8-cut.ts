import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

/** Writes the argument byte by byte, each only after an acknowledgement of the last one. */
const script = `
const bytes = Buffer.from(process.argv[1]);
let at = 0;
const next = () => { if (at < bytes.length) process.stdout.write(bytes.subarray(at, ++at)); else process.exit(0); };
process.stdin.on("data", next);
next();
`;

export const outputUtf8Cut: ConformanceCase = {
  name: "process/output-utf8-cut",
  title: "Does not change a character that is split between two chunks",
  async run({ shared }) {
    const text = "né€😀";
    const process = await (await shared()).spawn(nodeScript(script, text), { stdin: "open" });
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.output) {
      assert.ok("bytes" in chunk);
      assert.equal(chunk.bytes.length, 1, "The bytes that are there come, although a character is not whole");
      chunks.push(chunk.bytes);
      await process.write(Buffer.from("\n"));
    }
    assert.equal(Buffer.concat(chunks).toString(), text);
  },
};

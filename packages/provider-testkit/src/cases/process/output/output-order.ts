import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

/** Writes to both streams in turn, each time only after an acknowledgement of the last piece. */
const script = `
const turns = [[process.stdout, "a"], [process.stderr, "b"], [process.stdout, "c"], [process.stderr, "d"]];
const next = () => { const turn = turns.shift(); if (turn) turn[0].write(turn[1]); else process.exit(0); };
process.stdin.on("data", next);
next();
`;

export const outputOrder: ConformanceCase = {
  name: "process/output-order",
  title: "Orders both streams in one sequence whose offsets count the bytes of both",
  async run({ shared }) {
    const process = await (await shared()).spawn(nodeScript(script), { stdin: "open" });
    const seen: [string, string, number][] = [];
    for await (const chunk of process.output) {
      assert.ok("bytes" in chunk);
      seen.push([chunk.stream, Buffer.from(chunk.bytes).toString(), chunk.offset]);
      await process.write(Buffer.from("\n"));
    }
    assert.deepEqual(seen, [
      ["stdout", "a", 0],
      ["stderr", "b", 1],
      ["stdout", "c", 2],
      ["stderr", "d", 3],
    ]);
  },
};

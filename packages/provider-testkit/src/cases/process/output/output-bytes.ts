import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const outputBytes: ConformanceCase = {
  name: "process/output-bytes",
  title: "Treats output as bytes: every value, on both streams, without a final newline",
  async run({ shared }) {
    const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const script = `
const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
process.stdout.write(every);
process.stderr.write(every.toReversed());
`;
    const { stdout, stderr } = await runInside(await shared(), nodeScript(script));
    assert.deepEqual([...stdout], [...every]);
    assert.deepEqual([...stderr], [...every].reverse());
  },
};

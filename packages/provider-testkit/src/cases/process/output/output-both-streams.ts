import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

const script = `
const { writeSync } = require("node:fs");
for (let turn = 0; turn < 20000; turn += 1) { writeSync(1, turn + "\\n"); writeSync(2, -turn + "\\n"); }
`;

export const outputBothStreams: ConformanceCase = {
  name: "process/output-both-streams",
  title: "Delivers a flood of small writes to both streams completely, in order, without merging the streams",
  async run({ shared }) {
    const { stdout, stderr, gap, cut } = await runInside(await shared(), nodeScript(script));
    const numbers = Array.from({ length: 20_000 }, (_, turn) => turn);
    assert.deepEqual({ gap, cut }, { gap: 0, cut: false });
    assert.equal(stdout.toString(), `${numbers.join("\n")}\n`);
    assert.equal(stderr.toString(), `${numbers.map((turn) => `${-turn}`).join("\n")}\n`);
  },
};

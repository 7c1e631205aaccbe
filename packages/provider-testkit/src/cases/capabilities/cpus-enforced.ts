import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";

/** Works for two seconds of the clock, and says how much processor time it got for each of them. */
const script = `
const start = performance.now();
while (performance.now() - start < 2000);
const { user, system } = process.cpuUsage();
console.log((user + system) / 1000 / (performance.now() - start));
`;

export const cpusEnforced: ConformanceCase = {
  name: "capabilities/cpus-enforced",
  title: "Limits processor time",
  requires: ({ resources }) => resources.cpus,
  async run({ create }) {
    const sandbox = await create({ resources: { cpus: 0.25 } });
    const share = Number(await runNode(sandbox, script));
    assert.ok(share > 0 && share < 0.45, `It got ${share} processors, and the limit is 0.25`);
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { until } from "../../in-sandbox/until.ts";

export const stats: ConformanceCase = {
  name: "capabilities/stats",
  title: "Reports statistics of processor time, memory and processes that follow the work",
  requires: ({ stats: claimed }) => claimed,
  async run({ create }) {
    const sandbox = await create();
    const quiet = await sandbox.stats();
    assert.equal(quiet.oomKills, 0);
    const process = await sandbox.spawn(nodeScript("const held = Buffer.alloc(67108864, 1); for (;;) held[0] += 1"));
    await until(async () => (await sandbox.stats()).cpuMs >= quiet.cpuMs + 300, "the work shows as processor time");
    const busy = await sandbox.stats();
    assert.ok(busy.processes > quiet.processes, `${busy.processes} processes, and ${quiet.processes} before`);
    assert.ok(busy.memoryBytes > 64 * 1024 * 1024, `${busy.memoryBytes} bytes of memory, and a process holds 64 MiB`);
    await process.kill();
    assert.ok((await sandbox.stats()).processes < busy.processes, "What was killed still counts");
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { runInside } from "../../in-sandbox/run-inside.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const script = "const held = []; for (;;) held.push(Buffer.alloc(4194304, 1))";

export const memoryEnforced: ConformanceCase = {
  name: "capabilities/memory-enforced",
  title: "Ends a process that exceeds the memory limit, with a reason in its exit; the sandbox remains usable",
  requires: ({ resources }) => resources.memoryMiB,
  async run({ create, capabilities }) {
    const sandbox = await create({ resources: { memoryMiB: 256 } });
    const { exit } = await runInside(sandbox, nodeScript(script));
    assert.deepEqual([exit.exitCode, exit.reason], [null, "oom"]);
    assert.equal(await runShell(sandbox, "echo alive"), "alive\n");
    if (capabilities.stats) assert.ok((await sandbox.stats()).oomKills > 0, "The statistics count no such end");
  },
};

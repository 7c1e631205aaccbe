import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { finish } from "../../in-sandbox/finish.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const script = "const held = []; for (;;) held.push(Buffer.alloc(4194304, 1))";

export const memoryEnforced: ConformanceCase = {
  name: "capabilities/memory-enforced",
  title: "A process that takes more memory than there is ends, its exit says why, and the sandbox works on",
  requires: ({ resources }) => resources.memoryMiB,
  async run({ create, capabilities }) {
    const sandbox = await create({ resources: { memoryMiB: 256 } });
    const { exitCode, reason } = await finish(await sandbox.spawn(nodeScript(script)));
    assert.deepEqual([exitCode, reason], [null, "oom"]);
    assert.equal(await runShell(sandbox, "echo alive"), "alive\n");
    if (capabilities.stats) assert.ok((await sandbox.stats()).oomKills > 0, "The statistics count no such end");
  },
};

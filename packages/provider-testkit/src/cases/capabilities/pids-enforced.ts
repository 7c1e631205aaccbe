import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runInside } from "../../in-sandbox/run-inside.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const limit = 64;

/** Starts processes that stay, and says each; a shell that may not fork ends. */
const script = "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i+1)); echo $i; done; echo unlimited";

export const pidsEnforced: ConformanceCase = {
  name: "capabilities/pids-enforced",
  title: "Limits the number of processes; the sandbox remains usable once they have ended",
  requires: ({ resources }) => resources.pids,
  async run({ create }) {
    const sandbox = await create({ resources: { pids: limit } });
    const { stdout } = await runInside(sandbox, ["/bin/sh", "-c", script], { timeoutMs: 15_000 });
    assert.ok(!stdout.includes("unlimited"), "200 processes were started");
    const started = Math.max(0, ...stdout.toString("utf8").split("\n").map(Number));
    assert.ok(started > 0 && started < limit, `${started} processes were started`);
    await sandbox.quiesce();
    assert.equal(await runShell(sandbox, "echo alive"), "alive\n");
  },
};

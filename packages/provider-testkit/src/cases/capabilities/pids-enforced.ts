import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { finish } from "../../in-sandbox/finish.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const limit = 64;

/** Starts processes that stay, and says each; a shell that may not fork ends. */
const script = "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i+1)); echo $i; done; echo unlimited";

export const pidsEnforced: ConformanceCase = {
  name: "capabilities/pids-enforced",
  title: "No more processes run than the limit allows, and the sandbox works on once they are ended",
  requires: ({ resources }) => resources.pids,
  async run({ create }) {
    const sandbox = await create({ resources: { pids: limit } });
    const { stdout } = await finish(await sandbox.spawn(["/bin/sh", "-c", script], { timeoutMs: 15_000 }));
    assert.ok(!stdout.includes("unlimited"), "200 processes were started");
    const started = Math.max(0, ...stdout.split("\n").map(Number));
    assert.ok(started > 0 && started < limit, `${started} processes were started`);
    await sandbox.quiesce();
    assert.equal(await runShell(sandbox, "echo alive"), "alive\n");
  },
};

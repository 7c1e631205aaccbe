import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { readText } from "../../../in-sandbox/read-text.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";
import { until } from "../../../in-sandbox/until.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

export const wake: ConformanceCase = {
  name: "life/wake",
  title: "Wakes a sandbox whose lease ended, with its files and labels unchanged and a new lease",
  requires: ({ wake: claimed }) => claimed,
  timeoutMs: 120_000,
  async run({ create, connect, spec, list, limits }) {
    const { labels } = spec();
    const sandbox = await create({ labels, ttlMs: 120_000 });
    await writeText(sandbox, "/workspace/deep/work", "worth keeping");
    await runShell(sandbox, "ln -s work /workspace/deep/link; chmod 750 /workspace/deep/work; echo home > $HOME/kept");
    // Only once everything is written: a busy machine takes longer than a short lease.
    await sandbox.extend(limits.leaseMs);
    await until(async () => (await list(labels))[0]?.state === "stopped", "the sandbox stops");
    const woken = await connect(sandbox.id, { wakeForMs: 60_000 });
    assert.equal(woken.id, sandbox.id);
    assert.equal(await readText(woken, "/workspace/deep/work"), "worth keeping");
    assert.equal((await woken.files.stat("/workspace/deep/work"))?.mode, 0o750);
    assert.equal((await woken.files.stat("/workspace/deep/link"))?.target, "work");
    assert.equal(await runShell(woken, "cat /home/agent/kept; id -u"), "home\n1000\n");
    const info = await woken.info();
    assert.deepEqual([info.state, info.labels], ["running", labels]);
    const leftMs = Number(info.leaseEndsAt) - Date.now();
    assert.ok(leftMs > 20_000 && leftMs < 65_000, `The lease of 60 s ends in ${leftMs} ms`);
  },
};

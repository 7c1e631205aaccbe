import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { until } from "../../../in-sandbox/until.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

export const leaseEnd: ConformanceCase = {
  name: "life/lease-end",
  title: "Stops a sandbox at the end of its lease; inspecting it neither wakes it nor moves the lease",
  timeoutMs: 120_000,
  async run({ create, spec, list, provider, limits }) {
    const { labels } = spec();
    const sandbox = await create({ labels, ttlMs: limits.leaseMs });
    await writeText(sandbox, "/workspace/work", "worth keeping");
    const process = await sandbox.spawn(["sleep", "1000"]);
    const { exitCode, reason } = await process.exit;
    assert.deepEqual(
      [exitCode, reason === "exited"],
      [null, false],
      "A process that the lease's end cut is no success",
    );
    const info = async () => (await list(labels))[0];
    await until(async () => (await info())?.state === "stopped", "the sandbox stops");
    const before = await info();
    assert.ok(Number(before?.leaseEndsAt ?? 0) <= Date.now(), "Its lease has ended");
    for (let turn = 0; turn < 5; turn += 1) {
      await sandbox.info().catch(() => undefined);
      await rejectsWith("stopped", provider.connect(sandbox.id), "connect without waking");
      const after = await info();
      assert.deepEqual([after?.state, after?.leaseEndsAt], ["stopped", before?.leaseEndsAt], "Looking changed it");
    }
  },
};

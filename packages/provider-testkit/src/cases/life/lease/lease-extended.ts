import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { until } from "../../../in-sandbox/until.ts";

export const leaseExtended: ConformanceCase = {
  name: "life/lease-extended",
  title: "Sets a lease from the moment of the call, to a later or an earlier end, and not after it has ended",
  timeoutMs: 120_000,
  async run({ create, limits, list, spec }) {
    const { labels } = spec();
    const sandbox = await create({ labels, ttlMs: limits.leaseMs });
    const firstEnd = Date.now() + limits.leaseMs;
    assertNear(await sandbox.extend(300_000), Date.now() + 300_000);
    assertNear((await sandbox.info()).leaseEndsAt, Date.now() + 300_000);
    for (const ttlMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await rejectsWith("invalid-options", sandbox.extend(ttlMs), `extend by ${ttlMs}`);
    }
    await until(async () => Date.now() > firstEnd + 1000, "the first end is past");
    assert.equal((await sandbox.info()).state, "running", "It stopped at the end that was moved");
    assertNear(await sandbox.extend(1000), Date.now() + 1000);
    await until(async () => (await list(labels))[0]?.state === "stopped", "it stops at its earlier end");
    await rejectsWith(["stopped", "lost", "not-found"], sandbox.extend(60_000), "extend after the end");
    assert.equal((await list(labels))[0]?.state, "stopped", "It was woken");
  },
};

function assertNear(moment: Date | undefined, expectedMs: number): void {
  const differenceMs = Math.abs(Number(moment) - expectedMs);
  assert.ok(differenceMs < 15_000, `The lease ends ${differenceMs} ms away from where it should`);
}

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";

/** How long the lease is looked at, in milliseconds: an end that moves with each look has moved by as much. */
const lookedAtMs = 6000;

export const infoNeverExtends: ConformanceCase = {
  name: "life/info-never-extends",
  title: "Never extends a lease by inspecting, listing, connecting or running programs",
  async run({ create, connect, spec, list }) {
    const { labels } = spec();
    const sandbox = await create({ labels, ttlMs: 100_000 });
    const before = Number((await sandbox.info()).leaseEndsAt);
    const since = performance.now();
    while (performance.now() - since < lookedAtMs) {
      await list(labels);
      const process = await sandbox.spawn(["sleep", "0.5"]);
      await process.exit;
      const other = await connect(sandbox.id);
      await other.info();
      await other.close();
    }
    const movedMs = Number((await sandbox.info()).leaseEndsAt) - before;
    assert.ok(Math.abs(movedMs) < lookedAtMs / 2, `The end moved by ${movedMs} ms`);
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";

export const infoNeverExtends: ConformanceCase = {
  name: "life/info-never-extends",
  title: "Looking, listing, connecting and running programs do not move the end of the lease",
  async run({ create, connect, spec, list }) {
    const { labels } = spec();
    const sandbox = await create({ labels, ttlMs: 100_000 });
    const before = Number((await sandbox.info()).leaseEndsAt);
    for (let turn = 0; turn < 5; turn += 1) {
      await list(labels);
      const process = await sandbox.spawn(["sleep", "0.2"]);
      await process.exit;
      const other = await connect(sandbox.id);
      const ends = [Number((await other.info()).leaseEndsAt), Number((await sandbox.info()).leaseEndsAt)];
      await other.close();
      for (const end of ends) assert.ok(Math.abs(end - before) < 500, `The end moved by ${end - before} ms`);
    }
  },
};

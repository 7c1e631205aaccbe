import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { fillUp } from "../../in-sandbox/fill-up.ts";

export const shmEnforced: ConformanceCase = {
  name: "capabilities/shm-enforced",
  title: "Limits the size of /dev/shm",
  requires: ({ resources }) => resources.shmMiB,
  async run({ create }) {
    const sandbox = await create({ resources: { shmMiB: 16 } });
    const { mebibytes, code } = await fillUp(sandbox, "/dev/shm/full", 64);
    assert.ok(mebibytes <= 16, `${mebibytes} MiB went in`);
    assert.ok(code === "ENOSPC" || code === "EDQUOT", code);
  },
};

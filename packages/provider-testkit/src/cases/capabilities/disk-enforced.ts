import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { fillUp } from "../../in-sandbox/fill-up.ts";

export const diskEnforced: ConformanceCase = {
  name: "capabilities/disk-enforced",
  title: "Limits disk usage",
  requires: ({ resources }) => resources.diskMiB,
  async run({ create }) {
    const sandbox = await create({ resources: { diskMiB: 256 } });
    const { mebibytes, code } = await fillUp(sandbox, "/workspace/full", 512);
    assert.ok(mebibytes <= 256, `${mebibytes} MiB went in`);
    assert.ok(code === "ENOSPC" || code === "EDQUOT", code);
  },
};

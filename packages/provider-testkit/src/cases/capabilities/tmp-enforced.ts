import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { fillUp } from "../../in-sandbox/fill-up.ts";

export const tmpEnforced: ConformanceCase = {
  name: "capabilities/tmp-enforced",
  title: "Limits the size of /tmp",
  requires: ({ resources }) => resources.tmpMiB,
  async run({ create }) {
    const sandbox = await create({ resources: { tmpMiB: 16 } });
    const { mebibytes, code } = await fillUp(sandbox, "/tmp/full", 64);
    assert.ok(mebibytes <= 16, `${mebibytes} MiB went in`);
    assert.ok(code === "ENOSPC" || code === "EDQUOT", code);
  },
};

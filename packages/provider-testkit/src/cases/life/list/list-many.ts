import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const listMany: ConformanceCase = {
  name: "life/list-many",
  title: "Lists each of many sandboxes once, across pages, and none that is destroyed",
  timeoutMs: 180_000,
  async run({ create, spec, list, limits }) {
    const group = `group-${randomUUID()}`;
    const labels = { ...spec().labels, group };
    const created: string[] = [];
    const more = async (): Promise<void> => {
      while (created.length < limits.listedSandboxes) {
        const index = created.push("") - 1;
        const sandbox = await create({ labels });
        created[index] = sandbox.id;
        await sandbox.close();
      }
    };
    await Promise.all([more(), more(), more()]);
    assert.deepEqual((await list({ group })).map(({ id }) => id).sort(), created.toSorted());
  },
};

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { ConformanceCase } from "../../conformance-case.ts";

export const listMany: ConformanceCase = {
  name: "life/list-many",
  title: "A list of many sandboxes holds each of them once, however many pages it takes, and none that is destroyed",
  timeoutMs: 180_000,
  async run({ create, spec, list, limits }) {
    const group = `group-${randomUUID()}`;
    const labels = { ...spec().labels, group };
    const made: string[] = [];
    const more = async (): Promise<void> => {
      while (made.length < limits.listedSandboxes) {
        const index = made.push("") - 1;
        const sandbox = await create({ labels });
        made[index] = sandbox.id;
        await sandbox.close();
      }
    };
    await Promise.all([more(), more(), more()]);
    assert.deepEqual((await list({ group })).map(({ id }) => id).sort(), made.toSorted());
  },
};

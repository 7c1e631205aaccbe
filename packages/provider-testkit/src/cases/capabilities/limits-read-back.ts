import assert from "node:assert/strict";
import type { Resources } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

const requested = {
  cpus: 0.5,
  memoryMiB: 512,
  pids: 128,
  diskMiB: 1024,
  openFiles: 512,
  tmpMiB: 32,
  shmMiB: 80,
} as const;

export const limitsReadBack: ConformanceCase = {
  name: "capabilities/limits-read-back",
  title: "Reports claimed limits as enforced, and rejects invalid limits",
  requires: ({ resources }) => Object.values(resources).includes(true),
  async run({ create, provider, spec, list, capabilities }) {
    const names = (Object.keys(requested) as (keyof typeof requested)[]).filter((name) => capabilities.resources[name]);
    const resources: Resources = Object.fromEntries(names.map((name) => [name, requested[name]]));
    const sandbox = await create({ resources });
    const enforced = (await sandbox.info()).resources;
    for (const name of names) assert.equal(enforced?.[name], requested[name], name);
    const { labels } = spec();
    for (const name of names) {
      for (const value of [0, -1, Number.NaN]) {
        const wrong = provider.create(spec({ labels, resources: { [name]: value } }));
        await rejectsWith("invalid-options", wrong, `create with ${name} ${value}`);
      }
    }
    assert.deepEqual(await list(labels), []);
  },
};

import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const destroyTwice: ConformanceCase = {
  name: "life/destroy-twice",
  title: "Resolves destroy only when the sandbox is gone; destroying it again, also concurrently, succeeds",
  async run({ create, spec, list, provider, newProvider }) {
    const { labels } = spec();
    const sandbox = await create({ labels });
    await Promise.all([sandbox.destroy(), newProvider().destroy(sandbox.id)]);
    assert.deepEqual(await list(labels), [], "It is still listed");
    await rejectsWith("not-found", provider.connect(sandbox.id), "connect to what is gone");
    await sandbox.destroy();
    await provider.destroy(sandbox.id);
    await newProvider().destroy(sandbox.id);
    await rejectsWith(["not-found", "lost"], sandbox.spawn(["true"]), "spawn in what is gone");
    await rejectsWith(["not-found", "lost"], sandbox.info(), "info of what is gone");
  },
};

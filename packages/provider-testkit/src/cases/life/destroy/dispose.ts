import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const dispose: ConformanceCase = {
  name: "life/dispose",
  title: "Closes a connected sandbox when its handle is disposed of, and destroys a created one",
  async run({ create, connect, spec, list }) {
    const { labels } = spec();
    const created = await create({ labels });
    const connected = await connect(created.id);
    await connected[Symbol.asyncDispose]();
    await rejectsWith(["lost", "not-found"], connected.spawn(["true"]), "spawn through a closed handle");
    assert.equal((await created.info()).state, "running", "Disposing of a connection ended the sandbox");
    await created[Symbol.asyncDispose]();
    assert.deepEqual(await list(labels), []);
    await created[Symbol.asyncDispose]();
  },
};

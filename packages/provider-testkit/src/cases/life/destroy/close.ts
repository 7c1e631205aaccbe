import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const close: ConformanceCase = {
  name: "life/close",
  title: "Releases a closed handle: the sandbox and its processes continue, and the handle's calls fail",
  async run({ create, connect }) {
    const first = await create();
    const second = await connect(first.id);
    const process = await second.spawn(["sleep", "1000"]);
    await first.close();
    await first.close();
    await rejectsWith(["lost", "not-found"], first.spawn(["true"]), "spawn through a closed handle");
    assert.equal((await second.info()).state, "running");
    const found = (await second.processes()).find(({ id }) => id === process.id);
    assert.equal(found?.exit, undefined, "What another handle runs was ended");
    await process.kill();
    await first.destroy();
  },
};

import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const spawnAborted: ConformanceCase = {
  name: "process/spawn-aborted",
  title: "Starts nothing when the signal is already aborted",
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const mark = `${await makeDirectory(sandbox)}/mark`;
    const signal = AbortSignal.abort();
    for (let turn = 0; turn < 5; turn += 1) {
      await rejectsWith("aborted", sandbox.spawn(["touch", mark], { signal, tag: mark }), "spawn");
    }
    await runInside(sandbox, ["true"]);
    assert.equal(await sandbox.files.stat(mark), null, "It ran");
    assert.deepEqual(
      (await sandbox.processes()).filter(({ tag }) => tag === mark),
      [],
    );
  },
};

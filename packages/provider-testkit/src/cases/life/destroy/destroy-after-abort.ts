import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const destroyAfterAbort: ConformanceCase = {
  name: "life/destroy-after-abort",
  title: "Destroys what an aborted run created; with an aborted signal, destroy fails or succeeds, but never lies",
  async run({ create, spec, list, provider }) {
    const { labels } = spec();
    const { signal, abort } = abortable();
    const sandbox = await create({ labels }, { signal });
    const process = await sandbox.spawn(["sleep", "1000"], { signal });
    abort();
    assert.equal((await process.exit).exitCode, null);
    const state = async () => (await list(labels)).map((info) => info.state);
    assert.deepEqual(await state(), ["running"], "Aborting what has been made does not unmake it");
    await rejectsWith("aborted", sandbox.destroy({ signal }), "destroy with a dead signal");
    await rejectsWith("aborted", provider.destroy(sandbox.id, { signal }), "destroy with a dead signal");
    assert.deepEqual(await state(), ["running"], "A call whose signal was dead did something");
    await sandbox.destroy();
    assert.deepEqual(await state(), []);
  },
};

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

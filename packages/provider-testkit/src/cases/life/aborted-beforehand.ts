import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

export const abortedBeforehand: ConformanceCase = {
  name: "life/aborted-beforehand",
  title: "Rejects a call whose signal is already aborted, and does nothing",
  async run({ provider, spec, shared, makeDirectory, list, capabilities }) {
    const signal = AbortSignal.abort();
    const requested = spec();
    await rejectsWith("aborted", provider.create(requested, { signal }), "create");
    assert.deepEqual(await list(requested.labels), [], "It was created");
    const sandbox = await shared();
    const directory = await makeDirectory(sandbox);
    const { files } = sandbox;
    const listing = (async () => {
      for await (const _info of provider.list({ labels: requested.labels }, { signal }));
    })();
    const calls: Readonly<Record<string, Promise<unknown>>> = {
      preflight: provider.preflight({ signal }),
      connect: provider.connect(sandbox.id, { signal }),
      list: listing,
      destroy: provider.destroy(sandbox.id, { signal }),
      info: sandbox.info({ signal }),
      processes: sandbox.processes({ signal }),
      extend: sandbox.extend(60_000, { signal }),
      quiesce: sandbox.quiesce({ signal }),
      ...(capabilities.stats && { stats: sandbox.stats({ signal }) }),
      stat: files.stat(directory, { signal }),
      "list of files": files.list(directory, { signal }),
      readStream: files.readStream(`${directory}/x`, { signal }),
      writeStream: files.writeStream(`${directory}/written`, pieces("x"), { signal }),
      makeDirectory: files.makeDirectory(`${directory}/made`, { signal }),
      remove: files.remove(directory, { signal }),
      getArchive: files.getArchive(directory, { signal }),
    };
    const checks = Object.entries(calls).map(([name, call]) => rejectsWith("aborted", call, name));
    const failed = (await Promise.allSettled(checks)).find((check) => check.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    assert.deepEqual(await files.list(directory), [], "Something was done");
    assert.equal((await sandbox.info()).state, "running");
  },
};

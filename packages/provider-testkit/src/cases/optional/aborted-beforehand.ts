import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

export const optionalAbortedBeforehand: ConformanceCase = {
  name: "optional/aborted-beforehand",
  title: "Does nothing for a terminal, endpoint, watch, pause or snapshot whose signal is already aborted",
  requires: ({ pty, endpoint, watch, pause, snapshot }) => pty || endpoint || watch || pause || snapshot,
  async run({ create, makeDirectory, capabilities }) {
    const sandbox = await create();
    const directory = await makeDirectory(sandbox);
    const signal = AbortSignal.abort();
    const calls = {
      pty: () => sandbox.pty(["node", "-e", "", "--", directory], { columns: 80, rows: 24, signal }),
      endpoint: () => sandbox.endpoint(8080, { signal }),
      watch: () => sandbox.watch(directory, { signal }),
      pause: () => sandbox.pause({ signal }),
      snapshot: () => sandbox.snapshot({ signal }),
    } satisfies Partial<Record<keyof typeof capabilities, () => Promise<unknown>>>;
    for (const [name, call] of Object.entries(calls)) {
      if (capabilities[name as keyof typeof calls]) await rejectsWith("aborted", call(), name);
    }
    assert.deepEqual(await sandbox.processes(), [], "A process was started");
    assert.equal((await sandbox.info()).state, "running");
  },
};

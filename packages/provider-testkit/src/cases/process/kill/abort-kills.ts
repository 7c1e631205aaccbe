import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { assertKills } from "../../../in-sandbox/assert-kills.ts";

export const abortKills: ConformanceCase = {
  name: "process/abort-kills",
  title: "Ends a process and every descendant when the spawn's signal is aborted",
  async run({ shared, makeDirectory }) {
    const controller = new AbortController();
    await assertKills(await shared(), makeDirectory, {
      options: { signal: controller.signal },
      async end(process) {
        controller.abort();
        const { exitCode, reason } = await process.exit;
        assert.deepEqual({ exitCode, reason }, { exitCode: null, reason: "killed" });
      },
    });
  },
};

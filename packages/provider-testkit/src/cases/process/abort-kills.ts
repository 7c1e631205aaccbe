import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { assertKills } from "../../in-sandbox/assert-kills.ts";

export const abortKills: ConformanceCase = {
  name: "process/abort-kills",
  title: "Aborting the signal of a spawn ends the process and every descendant",
  async run({ shared, folder }) {
    const controller = new AbortController();
    await assertKills(await shared(), folder, {
      options: { signal: controller.signal },
      async end(process) {
        controller.abort();
        const { exitCode, reason } = await process.exit;
        assert.deepEqual({ exitCode, reason }, { exitCode: null, reason: "killed" });
      },
    });
  },
};

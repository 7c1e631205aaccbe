import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { assertKills } from "../../in-sandbox/assert-kills.ts";

export const timeoutKills: ConformanceCase = {
  name: "process/timeout-kills",
  title: "The time-out ends a process and every descendant, and the exit says so",
  async run({ shared, folder }) {
    await assertKills(await shared(), folder, {
      options: { timeoutMs: 10_000 },
      async end(process) {
        const { exitCode, reason } = await process.exit;
        assert.deepEqual({ exitCode, reason }, { exitCode: null, reason: "timeout" });
      },
    });
  },
};

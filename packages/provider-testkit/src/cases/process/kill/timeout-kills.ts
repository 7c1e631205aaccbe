import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { assertKills } from "../../../in-sandbox/assert-kills.ts";

export const timeoutKills: ConformanceCase = {
  name: "process/timeout-kills",
  title: "Ends a process and every descendant on time-out, and reports it in the exit",
  async run({ shared, makeDirectory }) {
    await assertKills(await shared(), makeDirectory, {
      options: { timeoutMs: 10_000 },
      async end(process) {
        const { exitCode, reason } = await process.exit;
        assert.deepEqual({ exitCode, reason }, { exitCode: null, reason: "timeout" });
      },
    });
  },
};

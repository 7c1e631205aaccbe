import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { assertKills } from "../../in-sandbox/assert-kills.ts";

export const killReachesGrandchildren: ConformanceCase = {
  name: "process/kill-reaches-grandchildren",
  title: "A kill ends every descendant: grandchildren, those that called setsid, those whose parents are gone",
  async run({ shared, folder }) {
    await assertKills(await shared(), folder, {
      async end(process) {
        await process.kill();
        assert.deepEqual(await process.exit, { exitCode: null, signal: "SIGKILL", reason: "killed" });
      },
    });
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { assertKills } from "../../../in-sandbox/assert-kills.ts";

export const killReachesGrandchildren: ConformanceCase = {
  name: "process/kill-reaches-grandchildren",
  title: "Kills every descendant: grandchildren, those that called setsid and those whose parents are gone",
  async run({ shared, makeDirectory }) {
    await assertKills(await shared(), makeDirectory, {
      async end(process) {
        await process.kill();
        assert.deepEqual(await process.exit, { exitCode: null, signal: "SIGKILL", reason: "killed" });
      },
    });
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { assertKills } from "../../../in-sandbox/assert-kills.ts";

export const killReachesBareOrphans: ConformanceCase = {
  name: "process/kill-reaches-bare-orphans",
  title:
    "Kills even a descendant that called setsid, lost its parents and dropped its environment, where nothing else runs",
  async run({ create, makeDirectory }) {
    await assertKills(await create(), makeDirectory, {
      bare: true,
      async end(process) {
        await process.kill();
        assert.deepEqual(await process.exit, { exitCode: null, signal: "SIGKILL", reason: "killed" });
      },
    });
  },
};

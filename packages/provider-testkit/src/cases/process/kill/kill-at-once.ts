import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { collectOutput } from "../../../in-sandbox/collect-output.ts";

export const killAtOnce: ConformanceCase = {
  name: "process/kill-at-once",
  title: "Ends the process, its output and its exit on a kill right after the spawn",
  async run({ shared }) {
    const sandbox = await shared();
    for (let turn = 0; turn < 10; turn += 1) {
      const process = await sandbox.spawn(["sleep", "1000"]);
      await process.kill();
      const { exit } = await collectOutput(process);
      assert.deepEqual(exit, { exitCode: null, signal: "SIGKILL", reason: "killed" });
    }
  },
};

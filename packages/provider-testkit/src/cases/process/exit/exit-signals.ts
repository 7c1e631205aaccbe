import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const exitSignals: ConformanceCase = {
  name: "process/exit-signals",
  title: "Reports the signal and no exit code for a process ended by a signal, unlike an exit with 137",
  async run({ shared }) {
    const sandbox = await shared();
    for (const signal of ["SIGSEGV", "SIGTERM", "SIGABRT", "SIGKILL", "SIGHUP"]) {
      const { exit } = await runInside(sandbox, ["sh", "-c", `kill -${signal.slice(3)} $$`]);
      assert.deepEqual(exit, { exitCode: null, signal, reason: "killed" });
    }
    const { exit } = await runInside(sandbox, ["sh", "-c", "exit 137"]);
    assert.deepEqual(exit, { exitCode: 137, reason: "exited" });
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";
import { until } from "../../../in-sandbox/until.ts";

export const exitLate: ConformanceCase = {
  name: "process/exit-late",
  title: "Reports the exit however late it is requested, whether or not the output is read",
  async run({ shared }) {
    const sandbox = await shared();
    const process = await sandbox.spawn(["sh", "-c", "head -c 3000000 /dev/zero; exit 7"], { output: "detached" });
    const isOver = async () => (await sandbox.processes()).find(({ id }) => id === process.id)?.exit !== undefined;
    await until(isOver, "the process ends");
    for (let turn = 0; turn < 5; turn += 1) await runInside(sandbox, ["true"]);
    assert.deepEqual(await process.exit, { exitCode: 7, reason: "exited" });
    assert.deepEqual(await process.exit, { exitCode: 7, reason: "exited" });
  },
};

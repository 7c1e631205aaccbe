import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const outputLetGo: ConformanceCase = {
  name: "process/output-let-go",
  title: "Lets a process end whose reader stops reading or never starts",
  async run({ shared }) {
    const sandbox = await shared();
    const script = "head -c 20000000 /dev/zero; exit 8";
    const process = await sandbox.spawn(["sh", "-c", script]);
    for await (const chunk of process.output) if ("bytes" in chunk) break;
    assert.deepEqual(await process.exit, { exitCode: 8, reason: "exited" });
    const unread = await sandbox.spawn(["sh", "-c", "head -c 1000 /dev/zero; exit 9"]);
    assert.deepEqual(await unread.exit, { exitCode: 9, reason: "exited" });
  },
};

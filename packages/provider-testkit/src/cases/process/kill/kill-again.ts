import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const killAgain: ConformanceCase = {
  name: "process/kill-again",
  title: "Treats a second kill, a concurrent one and one after the exit as no-ops that do not change the exit",
  async run({ shared }) {
    const sandbox = await shared();
    const process = await sandbox.spawn(["sleep", "1000"]);
    await Promise.all([process.kill(), process.kill()]);
    await process.kill();
    assert.equal((await process.exit).reason, "killed");
    const ended = await sandbox.spawn(["sh", "-c", "exit 3"]);
    await ended.exit;
    await ended.kill();
    await ended.kill("SIGTERM");
    assert.deepEqual(await ended.exit, { exitCode: 3, reason: "exited" });
    const again = await sandbox.attach(ended.id, 0);
    await again.kill();
    assert.deepEqual(await again.exit, { exitCode: 3, reason: "exited" });
  },
};

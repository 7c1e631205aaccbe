import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const listed: ConformanceCase = {
  name: "process/listed",
  title: "Lists processes with arguments, tag and start time, and with their exit once they have ended",
  async run({ shared }) {
    const sandbox = await shared();
    const argv = ["sleep", "1000"] as const;
    const process = await sandbox.spawn(argv, { tag: "listed by the suite" });
    const find = async () => (await sandbox.processes()).find(({ id }) => id === process.id);
    const running = await find();
    assert.deepEqual([running?.argv, running?.tag, running?.exit], [argv, "listed by the suite", undefined]);
    assert.equal(running?.pid, process.pid);
    assert.ok(Math.abs(Date.now() - Number(running?.startedAt)) < 60_000, "It started about now");
    await process.kill();
    assert.equal((await find())?.exit?.reason, "killed");
  },
};

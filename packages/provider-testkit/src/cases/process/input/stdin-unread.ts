import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const stdinUnread: ConformanceCase = {
  name: "process/stdin-unread",
  title: "Lets a program end that does not read its input",
  async run({ shared }) {
    const { exit } = await runInside(await shared(), ["true"], { stdin: Buffer.alloc(5_000_000) });
    assert.deepEqual(exit, { exitCode: 0, reason: "exited" });
  },
};

import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { readText } from "../../in-sandbox/read-text.ts";
import { writeText } from "../../in-sandbox/write-text.ts";
import { needsPlugin } from "../../needs-plugin.ts";

export const connectFromOtherProcess: ConformanceCase = {
  name: "life/connect-from-other-process",
  title: "Connects from another process by id alone, with files and processes visible and the sandbox still running",
  whyNot: needsPlugin,
  async run({ create, inOtherProcess }) {
    const sandbox = await create();
    await writeText(sandbox, "/workspace/from-here", "hello there");
    const process = await sandbox.spawn(["sleep", "1000"], { tag: "from-here", output: "detached" });
    const other = inOtherProcess("connect-and-look", { id: sandbox.id });
    assert.deepEqual(await other.next(), { content: "hello there", processId: process.id, state: "running" });
    await other.kill();
    assert.equal(await readText(sandbox, "/workspace/from-there"), "hello here");
    assert.equal((await sandbox.info()).state, "running");
  },
};

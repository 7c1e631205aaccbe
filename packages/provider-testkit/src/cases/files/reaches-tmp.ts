import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";
import { worksIn } from "./works-in.ts";

export const reachesTmp: ConformanceCase = {
  name: "files/reaches-tmp",
  title: "Files and archives go to and come from /tmp and the home folder as everywhere, and can be moved between them",
  async run(context) {
    const sandbox = await context.create();
    for (const folder of ["/tmp/folder", "/home/agent/folder", "/workspace/folder"]) await worksIn(sandbox, folder);
    await sandbox.files.move("/tmp/folder", "/workspace/from-tmp");
    assert.equal(await sandbox.files.stat("/tmp/folder"), null);
    assert.equal(await runShell(sandbox, "cat /workspace/from-tmp/unpacked/file"), "unpacked");
  },
};

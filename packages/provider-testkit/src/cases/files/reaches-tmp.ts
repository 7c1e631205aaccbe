import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";
import { worksIn } from "./works-in.ts";

export const reachesTmp: ConformanceCase = {
  name: "files/reaches-tmp",
  title: "Reads, writes, archives and moves files in /tmp and the home directory as anywhere else",
  async run(context) {
    const sandbox = await context.create();
    for (const directory of ["/tmp/directory", "/home/agent/directory", "/workspace/directory"])
      await worksIn(sandbox, directory);
    await sandbox.files.move("/tmp/directory", "/workspace/from-tmp");
    assert.equal(await sandbox.files.stat("/tmp/directory"), null);
    assert.equal(await runShell(sandbox, "cat /workspace/from-tmp/unpacked/file"), "unpacked");
  },
};

import assert from "node:assert/strict";
import { readTar } from "../../../archives/read-tar.ts";
import { readAll } from "../../../bytes/read-all.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";
import { until } from "../../../in-sandbox/until.ts";

/**
 * Appends lines without end, and rewrites other files. Slower than any transfer: each one waits for what was added during
 * the last.
 */
const writer = `const fs = require("node:fs"); process.chdir(process.argv[1]); let at = 0;
  setInterval(() => { fs.appendFileSync("growing", "line\\n".repeat(400)); fs.writeFileSync("replaced", "x".repeat(at % 7 * 30000));
    fs.writeFileSync("new-" + at % 50, "x"); fs.rmSync("new-" + (at + 25) % 50, { force: true }); at += 1; }, 1);`;

export const readsWhileWritten: ConformanceCase = {
  name: "files/reads-while-written",
  title: "Reads a file that is being written as of some moment or reports it as unsound; archives stay whole",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.create();
    const directory = await context.makeDirectory(sandbox);
    await runShell(sandbox, 'cd "$1"; printf quiet > quiet', [directory]);
    const process = await sandbox.spawn(["node", "-e", writer, "--", directory], { output: "detached" });
    const growing = `${directory}/growing`;
    await until(async () => ((await sandbox.files.stat(growing))?.size ?? 0) > 1_000_000, "the file grows");
    for (let times = 0; times < 5; times += 1) {
      const read = (await readAll(await sandbox.files.readStream(growing))).toString("utf8");
      assert.ok("line\n".repeat(read.length / 5 + 1).startsWith(read), "a growing file is read as its beginning");
      const archive = await readTar(await sandbox.files.getArchive(directory));
      assert.equal(archive.get("quiet")?.size, 5);
      assert.equal(archive.get("quiet")?.skipped, undefined);
      assert.ok(archive.has("growing"), "a file that changes is named");
    }
    await process.kill();
    await sandbox.quiesce();
    const size = (await sandbox.files.stat(growing))?.size;
    const archive = await readTar(await sandbox.files.getArchive(directory));
    assert.deepEqual([archive.get("growing")?.size, archive.get("growing")?.skipped], [size, undefined]);
  },
};

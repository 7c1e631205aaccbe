import assert from "node:assert/strict";
import { readTar } from "../../archives/read-tar.ts";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const listen = `require("node:net").createServer().listen(process.argv[1] + "/socket", () => process.exit(0));
  process.on("exit", () => process.kill(process.pid, "SIGKILL"));`;

export const namesSpecialFiles: ConformanceCase = {
  name: "files/names-special-files",
  title: "Fifos, sockets, devices and dangling links are named and never opened: nothing waits, nothing is endless",
  async run(context) {
    const sandbox = await context.shared();
    const folder = await context.folder(sandbox);
    const { files } = sandbox;
    await runShell(sandbox, 'cd "$1"; mkfifo fifo; ln -s nowhere dangling; echo x > file', [folder]);
    // Killed before it can clear its socket away.
    await runNode(sandbox, listen, [folder]).catch(() => {});
    const kinds = new Map((await files.list(folder)).map(({ path, kind, size }) => [path, [kind, size]]));
    assert.deepEqual(kinds.get(`${folder}/fifo`), ["other", 0]);
    assert.deepEqual(kinds.get(`${folder}/socket`), ["other", 0]);
    assert.deepEqual(kinds.get(`${folder}/dangling`), ["symlink", 0]);
    assert.equal((await files.stat("/dev/zero"))?.kind, "other");
    for (const path of [`${folder}/fifo`, `${folder}/socket`, `${folder}/dangling`, "/dev/zero", folder]) {
      await rejectsWith("file", files.readStream(path), `readStream of ${path}`);
    }
    const archive = await readTar(await files.getArchive(folder));
    assert.deepEqual([...archive.keys()].sort(), ["dangling", "fifo", "file", "socket"]);
    for (const name of ["fifo", "socket"]) {
      const { size, skipped } = archive.get(name) ?? {};
      assert.ok(size === 0 && skipped, `${name} is empty and says why`);
    }
    assert.equal(archive.get("file")?.skipped, undefined);
    await files.writeStream(`${folder}/fifo`, pieces("a file in its place"));
    assert.equal((await files.stat(`${folder}/fifo`))?.kind, "file");
    await files.remove(`${folder}/socket`);
    assert.equal(await files.stat(`${folder}/socket`), null);
  },
};

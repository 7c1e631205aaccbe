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
  title: "Reports FIFOs, sockets, devices and dangling links without opening them, and never blocks on one",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const { files } = sandbox;
    await runShell(sandbox, 'cd "$1"; mkfifo fifo; ln -s nowhere dangling; echo x > file', [directory]);
    // Killed before it can clear its socket away.
    await runNode(sandbox, listen, [directory]).catch(() => {});
    const kinds = new Map((await files.list(directory)).map(({ path, kind, size }) => [path, [kind, size]]));
    assert.deepEqual(kinds.get(`${directory}/fifo`), ["other", 0]);
    assert.deepEqual(kinds.get(`${directory}/socket`), ["other", 0]);
    assert.deepEqual(kinds.get(`${directory}/dangling`), ["symlink", 0]);
    assert.equal((await files.stat("/dev/zero"))?.kind, "other");
    for (const path of [`${directory}/fifo`, `${directory}/socket`, `${directory}/dangling`, "/dev/zero", directory]) {
      await rejectsWith("file", files.readStream(path), `readStream of ${path}`);
    }
    const archive = await readTar(await files.getArchive(directory));
    assert.deepEqual([...archive.keys()].sort(), ["dangling", "fifo", "file", "socket"]);
    for (const name of ["fifo", "socket"]) {
      const { size, skipped } = archive.get(name) ?? {};
      assert.ok(size === 0 && skipped, `${name} is empty and says why`);
    }
    assert.equal(archive.get("file")?.skipped, undefined);
    await files.writeStream(`${directory}/fifo`, pieces("a file in its place"));
    assert.equal((await files.stat(`${directory}/fifo`))?.kind, "file");
    await files.remove(`${directory}/socket`);
    assert.equal(await files.stat(`${directory}/socket`), null);
  },
};

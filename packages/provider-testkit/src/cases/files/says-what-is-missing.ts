import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

export const saysWhatIsMissing: ConformanceCase = {
  name: "files/says-what-is-missing",
  title: "Returns null from stat for a missing path, not-found where it is needed; reports what is in the way",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const { files } = sandbox;
    const missing = `${directory}/missing`;
    assert.equal(await files.stat(missing), null);
    assert.equal(await files.stat(`${missing}/below`), null);
    await rejectsWith("not-found", files.readStream(missing), "readStream");
    await rejectsWith("not-found", files.list(missing), "list");
    await rejectsWith("not-found", files.getArchive(missing), "getArchive");
    await rejectsWith("not-found", files.move(missing, `${directory}/to`), "move");
    await files.remove(missing);
    await files.remove(`${missing}/below`);

    await files.writeStream(`${directory}/file`, pieces("x"));
    await rejectsWith("file", files.list(`${directory}/file`), "a list of a file");
    await rejectsWith("file", files.getArchive(`${directory}/file`), "an archive of a file");
    await rejectsWith("file", files.makeDirectory(`${directory}/file`), "a directory in a file's place");
    await rejectsWith("file", files.writeStream(`${directory}/file/below`, pieces("x")), "a file below a file");
    await rejectsWith("file", files.writeStream(directory, pieces("x")), "a file in a directory's place");
    await rejectsWith("file", files.readStream(directory), "reading a directory");
    await rejectsWith("file", files.writeStream("/etc/planted", pieces("x")), "what the user may not write");
    await rejectsWith(["file", "not-found"], files.list("/root"), "what the user may not list");
    for (const path of ["relative", "", "../up"]) {
      await rejectsWith(["file", "invalid-options"], files.stat(path), `a path that is not absolute: ${path}`);
    }
    // Not to be able to look is not the same as not to be there.
    await runShell(sandbox, 'mkdir "$1/locked"; echo x > "$1/locked/file"; chmod 000 "$1/locked"', [directory]);
    await rejectsWith("file", files.stat(`${directory}/locked/file`), "stat below what cannot be entered");
    await runShell(sandbox, 'chmod 700 "$1/locked"', [directory]);
  },
};

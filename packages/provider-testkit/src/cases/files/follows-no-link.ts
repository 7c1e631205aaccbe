import assert from "node:assert/strict";
import { makeTar } from "../../archives/make-tar.ts";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const setUp = `cd "$1"; mkdir target; echo kept > target/file; echo kept > file
  ln -s file to-file; ln -s target to-directory; ln -s /etc/passwd out; ln -s /etc out-directory`;

export const followsNoLink: ConformanceCase = {
  name: "files/follows-no-link",
  title: "Never follows a link in the last part of a path: to read, write, list, archive, move or remove",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const files = sandbox.files;
    await runShell(sandbox, setUp, [directory]);
    const tar = await makeTar([{ name: "planted", content: "x" }]);
    for (const link of ["to-file", "out"]) await rejectsWith("file", files.readStream(`${directory}/${link}`), link);
    for (const link of ["to-directory", "out-directory"]) {
      const path = `${directory}/${link}`;
      await rejectsWith("file", files.list(path), `list of ${link}`);
      await rejectsWith("file", files.getArchive(path), `getArchive of ${link}`);
      await rejectsWith("file", files.putArchive(path, pieces(tar)), `putArchive to ${link}`);
    }
    await files.writeStream(`${directory}/to-file`, pieces("written"));
    assert.equal((await files.stat(`${directory}/to-file`))?.kind, "file", "the link itself is replaced");
    await files.move(`${directory}/to-directory`, `${directory}/moved`);
    assert.equal((await files.stat(`${directory}/moved`))?.target, "target", "the link itself is moved");
    for (const link of ["moved", "out", "out-directory"]) await files.remove(`${directory}/${link}`);
    assert.equal(
      await runShell(sandbox, 'cd "$1"; cat file target/file; ls target', [directory]),
      "kept\nkept\nfile\n",
    );
    assert.equal(await runShell(sandbox, "ls -d /etc/passwd /etc"), "/etc\n/etc/passwd\n");
  },
};

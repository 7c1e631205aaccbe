import assert from "node:assert/strict";
import { makeTar } from "../../archives/make-tar.ts";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const setUp = `cd "$1"; mkdir target; echo kept > target/file; echo kept > file
  ln -s file to-file; ln -s target to-folder; ln -s /etc/passwd out; ln -s /etc out-folder`;

export const followsNoLink: ConformanceCase = {
  name: "files/follows-no-link",
  title: "No call follows a link that is the last part of its path: not to read, write, list, archive, move or remove",
  async run(context) {
    const sandbox = await context.shared();
    const folder = await context.folder(sandbox);
    const files = sandbox.files;
    await runShell(sandbox, setUp, [folder]);
    const tar = await makeTar([{ name: "planted", content: "x" }]);
    for (const link of ["to-file", "out"]) await rejectsWith("file", files.readStream(`${folder}/${link}`), link);
    for (const link of ["to-folder", "out-folder"]) {
      const path = `${folder}/${link}`;
      await rejectsWith("file", files.list(path), `list of ${link}`);
      await rejectsWith("file", files.getArchive(path), `getArchive of ${link}`);
      await rejectsWith("file", files.putArchive(path, pieces(tar)), `putArchive to ${link}`);
    }
    await files.writeStream(`${folder}/to-file`, pieces("written"));
    assert.equal((await files.stat(`${folder}/to-file`))?.kind, "file", "the link itself is replaced");
    await files.move(`${folder}/to-folder`, `${folder}/moved`);
    assert.equal((await files.stat(`${folder}/moved`))?.target, "target", "the link itself is moved");
    for (const link of ["moved", "out", "out-folder"]) await files.remove(`${folder}/${link}`);
    assert.equal(await runShell(sandbox, 'cd "$1"; cat file target/file; ls target', [folder]), "kept\nkept\nfile\n");
    assert.equal(await runShell(sandbox, "ls -d /etc/passwd /etc"), "/etc\n/etc/passwd\n");
  },
};

import assert from "node:assert/strict";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

export const changesFolders: ConformanceCase = {
  name: "files/changes-folders",
  title: "Folders are made with their parents, listed one level deep, moved and removed whole, all twice if need be",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const folder = await context.folder(sandbox);
    const { files } = sandbox;
    await files.makeDirectory(`${folder}/a/b/c`);
    await files.makeDirectory(`${folder}/a/b/c`);
    await files.writeStream(`${folder}/a/new/parents/file`, pieces("content"));
    const kinds = (await files.list(`${folder}/a`)).map(({ path, kind }) => [path, kind]).sort();
    assert.deepEqual(kinds, [
      [`${folder}/a/b`, "directory"],
      [`${folder}/a/new`, "directory"],
    ]);
    assert.deepEqual(await files.list(`${folder}/a/b/c`), []);
    const info = await files.stat(`${folder}/a/new/parents/file`);
    assert.deepEqual([info?.kind, info?.size, info?.mode], ["file", 7, 0o644]);
    assert.ok(Math.abs(Date.now() - (info?.modifiedAt.getTime() ?? 0)) < 3_600_000, "it was written a moment ago");
    assert.equal(
      await runShell(sandbox, 'stat -c %u:%g "$1/a" "$1/a/new/parents/file"', [folder]),
      "1000:1000\n".repeat(2),
    );

    await files.move(`${folder}/a`, `${folder}/moved`);
    assert.equal(await files.stat(`${folder}/a`), null);
    await files.writeStream(`${folder}/other`, pieces("other"));
    await files.move(`${folder}/other`, `${folder}/moved/new/parents/file`);
    const replaced = await readAll(await files.readStream(`${folder}/moved/new/parents/file`));
    assert.equal(replaced.toString("utf8"), "other", "a file that is in the way is replaced");
    await files.remove(`${folder}/moved`);
    await files.remove(`${folder}/moved`);
    assert.deepEqual(await files.list(folder), []);
  },
};

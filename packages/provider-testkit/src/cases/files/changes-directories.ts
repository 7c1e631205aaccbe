import assert from "node:assert/strict";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

export const changesDirectories: ConformanceCase = {
  name: "files/changes-directories",
  title: "Creates directories with parents, lists them one level deep, moves and removes them, idempotently",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const { files } = sandbox;
    await files.makeDirectory(`${directory}/a/b/c`);
    await files.makeDirectory(`${directory}/a/b/c`);
    await files.writeStream(`${directory}/a/new/parents/file`, pieces("content"));
    const kinds = (await files.list(`${directory}/a`)).map(({ path, kind }) => [path, kind]).sort();
    assert.deepEqual(kinds, [
      [`${directory}/a/b`, "directory"],
      [`${directory}/a/new`, "directory"],
    ]);
    assert.deepEqual(await files.list(`${directory}/a/b/c`), []);
    const info = await files.stat(`${directory}/a/new/parents/file`);
    assert.deepEqual([info?.kind, info?.size, info?.mode], ["file", 7, 0o644]);
    assert.ok(Math.abs(Date.now() - (info?.modifiedAt.getTime() ?? 0)) < 3_600_000, "it was written a moment ago");
    assert.equal(
      await runShell(sandbox, 'stat -c %u:%g "$1/a" "$1/a/new/parents/file"', [directory]),
      "1000:1000\n".repeat(2),
    );

    await files.move(`${directory}/a`, `${directory}/moved`);
    assert.equal(await files.stat(`${directory}/a`), null);
    await files.writeStream(`${directory}/other`, pieces("other"));
    await files.move(`${directory}/other`, `${directory}/moved/new/parents/file`);
    const replaced = await readAll(await files.readStream(`${directory}/moved/new/parents/file`));
    assert.equal(replaced.toString("utf8"), "other", "a file that is in the way is replaced");
    await files.remove(`${directory}/moved`);
    await files.remove(`${directory}/moved`);
    assert.deepEqual(await files.list(directory), []);
  },
};

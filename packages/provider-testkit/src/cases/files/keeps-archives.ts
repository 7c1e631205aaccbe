import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { makeTar } from "../../archives/make-tar.ts";
import { readTar } from "../../archives/read-tar.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const longAgo = new Date("2001-02-03T04:05:06Z");

export const keepsArchives: ConformanceCase = {
  name: "files/keeps-archives",
  title: "An archive that went in comes out the same; inside, its files are the user's, with the archive's times",
  async run(context) {
    const sandbox = await context.shared();
    const folder = await context.folder(sandbox);
    const large = Buffer.alloc(3_000_001, "0123456789abcdef!");
    const foreign = { mtime: longAgo, uid: 4321, gid: 0, uname: "root" };
    const deep = `${"deep/".repeat(60)}end`;
    const tar = await makeTar([
      { name: "sub", type: "directory", mode: 0o755, ...foreign },
      { name: "sub/file", mode: 0o640, content: "content", ...foreign },
      { name: "sub/empty", mode: 0o644, content: "", ...foreign },
      { name: "large", mode: 0o755, content: large, ...foreign },
      { name: "link", type: "symlink", linkname: "sub/file", ...foreign },
      { name: deep, mode: 0o644, content: "far down", ...foreign },
    ]);
    await sandbox.files.putArchive(folder, pieces(tar));
    const told = await runShell(sandbox, 'cd "$1"; stat -c "%u:%g %Y %n" sub sub/file large link', [folder]);
    const seconds = longAgo.getTime() / 1000;
    const lines = told.trimEnd().split("\n");
    for (const name of ["sub", "sub/file", "large"]) assert.ok(lines.includes(`1000:1000 ${seconds} ${name}`), told);
    assert.match(told, /^1000:1000 \d+ link$/m);
    assert.equal((await sandbox.files.stat(`${folder}/large`))?.modifiedAt.getTime(), longAgo.getTime());

    const out = await readTar(await sandbox.files.getArchive(folder));
    const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
    assert.deepEqual(
      ["sub", "sub/file", "sub/empty", "large", "link", deep].map((name) => {
        const { type, mode, sha256: hash, uid, mtime } = out.get(name) ?? {};
        return [name, type, type === "symlink" ? 0 : mode, hash, uid, type === "symlink" ? 0 : mtime];
      }),
      [
        ["sub", "directory", 0o755, sha256(""), 1000, longAgo.getTime()],
        ["sub/file", "file", 0o640, sha256("content"), 1000, longAgo.getTime()],
        ["sub/empty", "file", 0o644, sha256(""), 1000, longAgo.getTime()],
        ["large", "file", 0o755, sha256(large), 1000, longAgo.getTime()],
        ["link", "symlink", 0, sha256(""), 1000, 0],
        [deep, "file", 0o644, sha256("far down"), 1000, longAgo.getTime()],
      ],
    );
    assert.equal(out.size, 5 + 61, "nothing is in it that did not go in, but the folders on the way");
  },
};

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { makeTar } from "../../../archives/make-tar.ts";
import { readTar } from "../../../archives/read-tar.ts";
import { pieces } from "../../../bytes/pieces.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";

const longAgo = new Date("2001-02-03T04:05:06Z");

export const keepsArchives: ConformanceCase = {
  name: "files/keeps-archives",
  title: "Returns an uploaded archive unchanged; in the sandbox its files belong to the user and keep their times",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const large = Buffer.alloc(3_000_001, "0123456789abcdef!");
    const metadata = { mtime: longAgo, uid: 4321, gid: 0, uname: "root" };
    const deep = `${"deep/".repeat(60)}end`;
    const tar = await makeTar([
      { name: "sub", type: "directory", mode: 0o755, ...metadata },
      { name: "sub/file", mode: 0o640, content: "content", ...metadata },
      { name: "sub/empty", mode: 0o644, content: "", ...metadata },
      { name: "large", mode: 0o755, content: large, ...metadata },
      { name: "link", type: "symlink", linkname: "sub/file", ...metadata },
      { name: deep, mode: 0o644, content: "far down", ...metadata },
    ]);
    await sandbox.files.putArchive(directory, pieces(tar));
    const listed = await runShell(sandbox, 'cd "$1"; stat -c "%u:%g %Y %n" sub sub/file large link', [directory]);
    const seconds = longAgo.getTime() / 1000;
    const lines = listed.trimEnd().split("\n");
    for (const name of ["sub", "sub/file", "large"]) assert.ok(lines.includes(`1000:1000 ${seconds} ${name}`), listed);
    assert.match(listed, /^1000:1000 \d+ link$/m);
    assert.equal((await sandbox.files.stat(`${directory}/large`))?.modifiedAt.getTime(), longAgo.getTime());

    const out = await readTar(await sandbox.files.getArchive(directory));
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
    assert.equal(out.size, 5 + 61, "nothing is in it that did not go in, but the directories on the way");
  },
};

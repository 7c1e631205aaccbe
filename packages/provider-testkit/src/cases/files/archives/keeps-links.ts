import assert from "node:assert/strict";
import { makeTar } from "../../../archives/make-tar.ts";
import { readTar } from "../../../archives/read-tar.ts";
import { pieces } from "../../../bytes/pieces.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";

const targets: readonly (readonly [name: string, target: string])[] = [
  ["relative", "file"],
  ["up", "../elsewhere"],
  ["absolute", "/etc/passwd"],
  ["dangling", "nowhere/at all\nreally"],
  ["long", "x".repeat(300)],
  ["loop", "loop"],
  ["directory", "/etc"],
];

export const keepsLinks: ConformanceCase = {
  name: "files/keeps-links",
  title: "Reports, lists and archives symbolic links as links, wherever they point",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const files = sandbox.files;
    const entries = targets.map(([name, linkname]) => ({ name, type: "symlink", linkname }) as const);
    await files.putArchive(`${directory}/links`, pieces(await makeTar([{ name: "file", content: "x" }, ...entries])));
    for (const [name, target] of targets) {
      const path = `${directory}/links/${name}`;
      assert.equal(await runShell(sandbox, 'readlink -- "$1"', [path]), `${target}\n`);
      const found = await files.stat(path);
      assert.deepEqual([found?.kind, found?.target, found?.size], ["symlink", target, 0], name);
    }
    const listed = new Map((await files.list(`${directory}/links`)).map((info) => [info.path, info]));
    const archive = await readTar(await files.getArchive(`${directory}/links`));
    assert.equal(archive.size, targets.length + 1, "a link to a directory is one entry");
    for (const [name, target] of targets) {
      assert.equal(listed.get(`${directory}/links/${name}`)?.target, target);
      assert.deepEqual([archive.get(name)?.type, archive.get(name)?.linkname], ["symlink", target]);
    }
  },
};

import assert from "node:assert/strict";
import { makeTar, type TarEntry } from "../../../archives/make-tar.ts";
import { pieces } from "../../../bytes/pieces.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";

const bad = { content: "planted" };

/**
 * Archives that try to reach what is not below the directory they are unpacked in: `OUT` stands for a directory beside
 * it.
 */
const hostile: Readonly<Record<string, readonly TarEntry[]>> = {
  "an absolute path": [{ name: "OUT/absolute", ...bad }],
  "a path upwards": [{ name: "../out/up", ...bad }],
  "a path down and up": [{ name: "a/../../out/up", ...bad }],
  "a path through dots": [{ name: "./../out/up", ...bad }],
  "a link, then a file through it": [
    { name: "link", type: "symlink", linkname: "OUT" },
    { name: "link/through", ...bad },
  ],
  "a relative link, then a directory through it": [
    { name: "link", type: "symlink", linkname: "../out" },
    { name: "link/directory", type: "directory" },
    { name: "link/directory/file", ...bad },
  ],
  "a chain of links": [
    { name: "one", type: "symlink", linkname: ".." },
    { name: "two", type: "symlink", linkname: "one/out" },
    { name: "two/through", ...bad },
  ],
  "a link, then a file in its place": [
    { name: "victim", type: "symlink", linkname: "OUT/kept" },
    { name: "victim", ...bad },
  ],
  "a hard link out": [
    { name: "hard", type: "link", linkname: "OUT/kept" },
    { name: "hard", ...bad },
  ],
  "a hard link upwards": [{ name: "hard", type: "link", linkname: "../out/kept" }],
  "a link and the directory's mode": [
    { name: "link", type: "symlink", linkname: "OUT" },
    { name: "link", type: "directory", mode: 0o777 },
  ],
  "a device": [{ name: "device", type: "character-device", devmajor: 1, devminor: 5 }],
  "a disk": [{ name: "disk", type: "block-device", devmajor: 8, devminor: 0 }],
  "a fifo": [{ name: "fifo", type: "fifo" }],
};

export const unpacksOnlyBelow: ConformanceCase = {
  name: "files/unpacks-only-below",
  title: "Rejects or defuses a hostile archive: nothing changes outside its directory, and no device appears",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const outside = `${directory}/out`;
    await runShell(sandbox, 'mkdir -m 700 "$1"; echo kept > "$1/kept"; chmod 600 "$1/kept"', [outside]);
    const state =
      'cd "$1"; ls -la --time-style=full-iso . | tail -n +2 | grep -v " \\.\\.$"; cat kept; stat -c "%a %h" kept .';
    const before = await runShell(sandbox, state, [outside]);
    for (const [what, entries] of Object.entries(hostile)) {
      const named = entries.map((entry) => ({
        ...entry,
        name: entry.name.replace("OUT", outside),
        ...(entry.linkname === undefined ? {} : { linkname: entry.linkname.replace("OUT", outside) }),
      }));
      const into = `${directory}/in`;
      // Either answer will do; what counts is what is there afterwards.
      await sandbox.files.putArchive(into, pieces(await makeTar(named))).catch(() => {});
      assert.equal(await runShell(sandbox, state, [outside]), before, what);
      const special = 'if [ -e "$1" ]; then find "$1" ! -type f ! -type d ! -type l ! -type p; fi';
      assert.equal(await runShell(sandbox, special, [into]), "", what);
      await sandbox.files.remove(into);
    }
    // The sandbox is unharmed.
    await sandbox.files.putArchive(`${directory}/good`, pieces(await makeTar([{ name: "file", content: "good" }])));
    assert.equal(await runShell(sandbox, 'cat "$1/good/file"', [directory]), "good");
  },
};

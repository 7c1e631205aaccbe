import assert from "node:assert/strict";
import type { FileChange } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";
import { writeText } from "../../in-sandbox/write-text.ts";

export const watchTells: ConformanceCase = {
  name: "optional/watch-tells",
  title: "Reports every creation, change and removal below a directory, also in new directories, and nothing else",
  requires: ({ watch }) => watch,
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const [directory, elsewhere] = [await makeDirectory(sandbox), await makeDirectory(sandbox)];
    await runShell(sandbox, 'cd "$1"; mkdir -p old/deep out; echo 1 > old/deep/file; ln -s "$2" link', [
      directory,
      elsewhere,
    ]);
    const changes = (await sandbox.watch(directory, { exclude: ["out"] }))[Symbol.asyncIterator]();
    const after = async (script: string): Promise<readonly string[]> => {
      await runShell(sandbox, `cd "$1"; ${script}`, [directory]);
      return readTo(changes, directory, () => writeText(sandbox, `${directory}/mark`, `${script}`));
    };
    const sorted = async (script: string): Promise<readonly string[]> => [...new Set(await after(script))].sort();

    const expected = ["created a", "created a/b", "created a/b/c", "created a/b/c/new file"];
    assert.deepEqual(await sorted('mkdir -p a/b/c; : > "a/b/c/new file"'), expected);
    assert.deepEqual(await sorted("echo more >> old/deep/file"), ["changed old/deep/file"]);
    assert.deepEqual(await sorted("chmod 600 old/deep/file"), ["changed old/deep/file"]);
    assert.deepEqual(await sorted("echo replaced > .x && mv .x old/deep/file"), ["changed old/deep/file"]);
    assert.deepEqual(await sorted("echo 1 > out/x; echo 1 > link/x"), [], "What is left out or elsewhere was reported");
    const moved = ["created moved", "created moved/file", "removed old/deep", "removed old/deep/file"];
    assert.deepEqual(await sorted("mv old/deep moved"), moved);
    assert.deepEqual(await sorted("echo 2 >> moved/file"), ["changed moved/file"]);
    assert.deepEqual(await sorted("rm -r moved link"), ["removed link", "removed moved", "removed moved/file"]);
    const many = await after("for i in $(seq 40); do mkdir m$i; for j in $(seq 20); do : > m$i/$j; done; done");
    assert.equal(many.filter((change) => change.startsWith("created")).length, 40 * 21, "Some of many were missed");
    await changes.return?.();
  },
};

/** Everything that is reported before the change of a mark; what has to do with marks is left out. */
async function readTo(
  changes: AsyncIterator<FileChange>,
  directory: string,
  mark: () => Promise<void>,
): Promise<readonly string[]> {
  const seen: string[] = [];
  const marked = mark();
  for (;;) {
    const { done, value } = await changes.next();
    assert.ok(!done, "The watch ended by itself");
    assert.ok("path" in value, "Changes were missed");
    assert.ok(value.path.startsWith(`${directory}/`), `${value.path} is not below ${directory}`);
    const path = value.path.slice(directory.length + 1);
    if (path === "mark") break;
    if (!path.startsWith(".")) seen.push(`${value.kind} ${path}`);
  }
  await marked;
  return seen;
}

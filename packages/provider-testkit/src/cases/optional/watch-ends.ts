import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

export const watchEnds: ConformanceCase = {
  name: "optional/watch-ends",
  title: "Ends a watch with its signal; fails it when the directory is removed or the connection breaks",
  requires: ({ watch }) => watch,
  async run({ create, makeDirectory, connect }) {
    const sandbox = await create();
    const directory = await makeDirectory(sandbox);
    const readOut = async (changes: AsyncIterable<unknown>): Promise<void> => {
      for await (const _change of changes);
    };
    await rejectsWith("not-found", sandbox.watch(`${directory}/none`), "watching what is not there");
    await runShell(sandbox, 'cd "$1"; : > file; ln -s / link; mkdir gone', [directory]);
    await rejectsWith("file", sandbox.watch(`${directory}/file`), "watching a file");
    await rejectsWith("file", sandbox.watch(`${directory}/link`), "watching a link");

    const aborting = new AbortController();
    const aborted = readOut(await sandbox.watch(directory, { signal: aborting.signal }));
    aborting.abort();
    await aborted;

    const unread = new AbortController();
    const never = await sandbox.watch(directory, { signal: unread.signal });
    unread.abort();
    await readOut(never);

    const fails = async (code: "file" | "lost", changes: AsyncIterable<unknown>, what: string): Promise<void> => {
      await rejectsWith(code, readOut(changes), what);
    };
    const gone = fails("file", await sandbox.watch(`${directory}/gone`), "watching a directory that goes away");
    await runShell(sandbox, 'rmdir "$1/gone"', [directory]);
    await gone;

    const other = await connect(sandbox.id);
    const broken = fails("lost", await other.watch(directory), "watching over a connection that breaks");
    await other.close();
    await broken;

    const quieted = fails("file", await sandbox.watch(directory), "watching when everything of the user's is ended");
    await sandbox.quiesce();
    await quieted;
    assert.equal((await sandbox.info()).state, "running");
  },
};

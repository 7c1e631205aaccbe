import assert from "node:assert/strict";
import { makeTar } from "../../../archives/make-tar.ts";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import { pieces } from "../../../bytes/pieces.ts";
import { readAll } from "../../../bytes/read-all.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";
import { until } from "../../../in-sandbox/until.ts";

/** A body that never ends, and aborts once it is well under way. */
async function* endless(controller: AbortController): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; ; at += 1) {
    if (at === 20) controller.abort();
    yield Buffer.alloc(100_000, "new");
    // Whoever reads it hears of the abort only when it gets a turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function readAndAbort(read: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>): Promise<void> {
  const controller = new AbortController();
  for await (const _ of await read(controller.signal)) controller.abort();
}

export const abortsTransfers: ConformanceCase = {
  name: "files/aborts-transfers",
  title: "Ends an aborted transfer at once with aborted, and leaves the old file after an aborted write",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const { files } = sandbox;
    await files.writeStream(`${directory}/old`, pieces("old"));
    const writing = new AbortController();
    const written = files.writeStream(`${directory}/old`, endless(writing), { signal: writing.signal });
    await rejectsWith("aborted", written, "a write");
    const unpacking = new AbortController();
    const entry = { name: "large", content: Buffer.alloc(60_000_000, "x") };
    const tar = await makeTar([entry]);
    const body = async function* (): AsyncGenerator<Uint8Array, void> {
      for (let at = 0; at < tar.length; at += 1_000_000) {
        if (at === 20_000_000) unpacking.abort();
        yield tar.subarray(at, at + 1_000_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const unpacked = files.putArchive(`${directory}/unpacked`, body(), { signal: unpacking.signal });
    await rejectsWith("aborted", unpacked, "an archive on its way in");
    await files.remove(`${directory}/unpacked`);

    await runShell(sandbox, 'mkdir "$1/large"; head -c 30000000 /dev/urandom > "$1/large/file"', [directory]);
    const large = `${directory}/large`;
    const reading = readAndAbort((signal) => files.readStream(`${large}/file`, { signal }));
    await rejectsWith("aborted", reading, "a read");
    await rejectsWith(
      "aborted",
      readAndAbort((signal) => files.getArchive(large, { signal })),
      "an archive being downloaded",
    );

    assert.equal((await readAll(await files.readStream(`${directory}/old`))).toString("utf8"), "old");
    const names = async (): Promise<string> =>
      (await files.list(directory))
        .map(({ path }) => path)
        .sort()
        .join();
    await until(async () => (await names()) === `${large},${directory}/old`, "nothing is left of what was aborted");
  },
};

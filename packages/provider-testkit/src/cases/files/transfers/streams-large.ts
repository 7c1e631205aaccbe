import assert from "node:assert/strict";
import { createHash, type Hash } from "node:crypto";
import { readTar } from "../../../archives/read-tar.ts";
import { Patterned } from "../../../bytes/patterned.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

/** A body that was held as a whole would show far above it. */
const mostMemoryBytes = 400 * 1024 ** 2;

export const streamsLarge: ConformanceCase = {
  name: "files/streams-large",
  title: "Streams a file of limits.largeFileBytes in, out and in an archive, in bounded memory",
  timeoutMs: 600_000,
  async run(context) {
    const sandbox = await context.create();
    const { largeFileBytes } = context.limits;
    const sent = createHash("sha256");
    const body = hashed(new Patterned(largeFileBytes), sent);
    const memory = new MemoryWatch();
    try {
      await sandbox.files.writeStream("/workspace/large", body);
      assert.equal((await sandbox.files.stat("/workspace/large"))?.size, largeFileBytes);
      const sha256 = sent.digest("hex");
      const hash = createHash("sha256");
      for await (const piece of await sandbox.files.readStream("/workspace/large")) hash.update(piece);
      assert.equal(hash.digest("hex"), sha256);
      const archive = await readTar(await sandbox.files.getArchive("/workspace", { reuseBuffers: true }));
      assert.deepEqual([...archive.keys()], ["large"]);
      assert.equal(archive.get("large")?.sha256, sha256);
    } finally {
      memory.stop();
    }
    context.record("largeFileMemoryMiB", Math.round(memory.grownBytes / 1024 ** 2));
    const most = Math.max(mostMemoryBytes, largeFileBytes / 2);
    assert.ok(memory.grownBytes < most, `This process grew by ${memory.grownBytes} bytes`);
  },
};

async function* hashed(body: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array, void> {
  for await (const piece of body) {
    hash.update(piece);
    yield piece;
  }
}

/** How far this process's memory grows. */
class MemoryWatch {
  grownBytes = 0;
  readonly #before = process.memoryUsage.rss();
  readonly #timer = setInterval(() => this.#look(), 50);

  #look(): void {
    this.grownBytes = Math.max(this.grownBytes, process.memoryUsage.rss() - this.#before);
  }

  stop(): void {
    this.#look();
    clearInterval(this.#timer);
  }
}

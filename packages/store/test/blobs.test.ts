import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BlobStore, DiskBlobs, S3Blobs } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { startS3Server } from "./support/s3-server.ts";

describe.each(["disk", "S3"])("blobs on %s", (kind) => {
  let blobs: BlobStore;
  const cleanUp: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    if (kind === "S3") {
      const server = await startS3Server();
      cleanUp.push(server.stop);
      blobs = new S3Blobs(server.options);
      return;
    }
    const directory = await mkdtemp(join(tmpdir(), "glovebox-blobs-"));
    cleanUp.push(() => rm(directory, { recursive: true, force: true }));
    blobs = new DiskBlobs(directory);
  });

  afterAll(async () => {
    for (const one of cleanUp) await one();
  });

  const names = async () => (await collect(blobs.list())).map(({ sha256 }) => sha256);

  it("stores content by its hash, gives it and parts of it back, and deletes it", async () => {
    const content = randomBytes(9 * 1024 * 1024);
    const sha256 = createHash("sha256").update(content).digest("hex");
    expect(await blobs.has(sha256)).toBe(false);
    expect(await blobs.put(Readable.from([content.subarray(0, 100), content.subarray(100)]))).toEqual({
      sha256,
      bytes: content.length,
    });
    expect(await blobs.has(sha256)).toBe(true);
    expect((await buffer(await blobs.open(sha256))).equals(content)).toBe(true);
    expect((await buffer(await blobs.open(sha256, { start: 5, end: 1004 }))).equals(content.subarray(5, 1005))).toBe(
      true,
    );
    expect(await names()).toEqual([sha256]);
    await blobs.delete(sha256);
    expect(await names()).toEqual([]);
    await expect(blobs.open(sha256)).rejects.toMatchObject({ code: "not-found" });
  });

  it("stores nothing of a stream that breaks off", async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        throw new Error("cut");
      })(),
    );
    await expect(blobs.put(broken)).rejects.toThrow("cut");
    expect(await names()).toEqual([]);
  });

  it("stores empty content", async () => {
    const { sha256, bytes } = await blobs.put(Readable.from([]));
    expect(bytes).toBe(0);
    expect((await buffer(await blobs.open(sha256))).length).toBe(0);
    await blobs.delete(sha256);
  });

  it("rejects a name that is not a SHA-256", async () => {
    await expect(blobs.open("../../etc/passwd")).rejects.toMatchObject({ code: "invalid-options" });
  });
});

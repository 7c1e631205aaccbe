import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UploadDirectory } from "./upload-directory.ts";

const hash = "0123456789abcdef".repeat(4);
let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "glovebox-e2b-uploads-"));
});
afterEach(() => rmSync(path, { recursive: true }));

const at = (link: string) => new URL(link, "http://127.0.0.1");

describe("an upload", () => {
  it("is taken by its signed link, whole", async () => {
    const uploads = new UploadDirectory(path, 100);
    expect(await uploads.has(hash)).toBe(false);
    await uploads.take(at(uploads.link(hash)), Readable.from([Buffer.from("one"), Buffer.from("two")]));
    expect(await uploads.has(hash)).toBe(true);
    expect(readFileSync(uploads.archive(hash), "utf8")).toBe("onetwo");
  });

  it("is refused by a link that is changed, of another directory, or too old", async () => {
    const uploads = new UploadDirectory(path, 100);
    const other = at(new UploadDirectory(path, 100).link(hash));
    const changed = at(uploads.link(hash).replace(/.$/, (last) => (last === "0" ? "1" : "0")));
    const forOther = at(uploads.link(hash).replace(hash, "f".repeat(64)));
    const expired = at(uploads.link(hash));
    expired.searchParams.set("expires", "1");
    for (const url of [other, changed, forOther, expired]) {
      await expect(uploads.take(url, Readable.from("x"))).rejects.toMatchObject({ status: 403 });
    }
    expect(await uploads.has(hash)).toBe(false);
  });

  it("that is too large or breaks off leaves nothing, not in place of an earlier one either", async () => {
    const uploads = new UploadDirectory(path, 4);
    await uploads.take(at(uploads.link(hash)), Readable.from("ok"));
    await expect(uploads.take(at(uploads.link(hash)), Readable.from("too large"))).rejects.toMatchObject({
      status: 413,
    });
    const broken = new Readable({
      read() {
        this.destroy(new Error("gone"));
      },
    });
    await expect(uploads.take(at(uploads.link(hash)), broken)).rejects.toMatchObject({ status: 400 });
    expect(readFileSync(uploads.archive(hash), "utf8")).toBe("ok");
  });

  it.each(["../../etc/passwd", "", "A".repeat(64), "g".repeat(64)])("of %j is refused", (name) => {
    expect(() => new UploadDirectory(path, 4).link(name)).toThrow(/hash/);
  });
});

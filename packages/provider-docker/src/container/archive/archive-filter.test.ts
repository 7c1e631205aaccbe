import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { ArchiveFilter } from "./archive-filter.ts";

type Entry = readonly [header: Partial<Header> & Pick<Header, "name">, content?: string];

const long = `${"directory/".repeat(20)}${"x".repeat(120)}`;
const entries: readonly Entry[] = [
  [{ name: "./", type: "directory" }],
  [{ name: "./a" }, "first"],
  [{ name: "./node_modules/", type: "directory" }],
  [{ name: "./node_modules/x" }, "y".repeat(3000)],
  [{ name: `./${long}` }, "long"],
  [{ name: `./node_modules/${long}` }, "long and left out"],
  [{ name: "./src/node_modules", type: "symlink", linkname: "../x" }],
  [{ name: "./src/ünï", pax: { comment: "kept" } }, "z".repeat(1024)],
  [{ name: "./build/cache/x" }, "cached"],
  [{ name: "./src/build/cache/x" }, "another"],
];
const exclude = ["node_modules", "./build/cache"];

async function archive(from: readonly Entry[] = entries): Promise<Buffer> {
  const tar = pack();
  for (const [header, content = ""] of from) tar.entry(header, content);
  tar.finalize();
  return buffer(tar);
}

async function contents(tar: Buffer): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    found.push([entry.header.name, (await buffer(entry)).toString()]);
  }
  return found;
}

function filtered(filter: ArchiveFilter, tar: Buffer, pieceBytes = tar.length): Buffer {
  const passed: Buffer[] = [];
  for (let start = 0; start < tar.length; start += pieceBytes) {
    // In memory of its own, which is written over afterwards as a reused buffer's is.
    const piece = Buffer.from(tar.subarray(start, start + pieceBytes));
    passed.push(...filter.push(piece).map((bytes) => Buffer.from(bytes)));
    piece.fill(0xaa);
  }
  return Buffer.concat(passed);
}

describe("ArchiveFilter", () => {
  it("takes out what is excluded and what lies below it, however the stream is cut", async () => {
    const tar = await archive();
    const left = ["./", "./a", `./${long}`, "./src/ünï", "./src/build/cache/x"];
    const expected = (await contents(tar)).filter(([name]) => left.includes(name));
    expect(expected).toHaveLength(left.length);
    for (const pieceBytes of [1, 7, 511, 512, 513, 1024, 4096, tar.length]) {
      const filter = new ArchiveFilter(exclude);
      expect(await contents(filtered(filter, tar, pieceBytes)), `${pieceBytes} bytes`).toEqual(expected);
      expect(filter.entries).toBe(left.length - 1);
      expect(filter.ended).toBe(true);
    }
  });

  it("passes on as it came what is not excluded", async () => {
    const tar = await archive();
    for (const pieceBytes of [100, 512, tar.length]) {
      expect(filtered(new ArchiveFilter([]), tar, pieceBytes).equals(tar)).toBe(true);
    }
  });

  it("knows an archive's end from one that was cut", async () => {
    const tar = await archive();
    for (const length of [0, 100, 512, 1024, tar.length - 1024, tar.length - 512]) {
      const filter = new ArchiveFilter(exclude);
      filtered(filter, tar.subarray(0, length), 4096);
      expect(filter.ended, `${length} bytes`).toBe(false);
    }
  });

  it("takes the size from pax records where it does not fit the header", async () => {
    const size = 2 ** 33 + 512;
    const head = (await archive([[{ name: "./huge", pax: { size: String(size) } }, "x"]])).subarray(0, 3 * 512);
    const filter = new ArchiveFilter([]);
    filter.push(head);
    // The content only looks like an end.
    filter.push(Buffer.alloc(1024 * 1024));
    expect(filter.ended).toBe(false);
    expect(filter.entries).toBe(1);
  });

  it("refuses what is no archive", () => {
    const lost = expect.objectContaining({ code: "lost" });
    expect(() => new ArchiveFilter([]).push(Buffer.alloc(512, "no archive "))).toThrow(lost);
    const huge = Buffer.alloc(512);
    huge.write("7".repeat(11), 124);
    huge.write("x", 156);
    expect(() => new ArchiveFilter([]).push(huge)).toThrow(lost);
  });
});

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  decodeText,
  makeHostDirectory,
  makeHostDirectorySync,
  readHostFile,
  readHostFileSync,
  readHostText,
  streamHostFile,
} from "./index.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-host-files-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const place = (name: string) => join(root, name);

async function refusals(path: string, options = {}): Promise<string[]> {
  const sync = async () => readHostFileSync(path, options);
  const stream = async () => {
    for await (const _ of streamHostFile(path, options));
  };
  const attempts = [readHostFile(path, options), sync(), stream()];
  const settled = await Promise.allSettled(attempts);
  return settled.map((one) => (one.status === "rejected" ? one.reason.message : "no refusal"));
}

describe("a guarded read", () => {
  it("returns what a file holds, and undefined where nothing is", async () => {
    writeFileSync(place("a"), "content");
    expect(await readHostText(place("a"))).toBe("content");
    expect(readHostFileSync(place("a"))?.toString()).toBe("content");
    for (const path of [place("none"), place("a/below"), "/proc/nope"]) {
      expect(await readHostFile(path)).toBeUndefined();
      expect(readHostFileSync(path)).toBeUndefined();
    }
  });

  it("takes the null device for an empty file, also through a link", async () => {
    symlinkSync("/dev/null", place("null"));
    expect(await readHostText(place("null"))).toBe("");
    expect(readHostFileSync("/dev/null")).toHaveLength(0);
  });

  it("refuses a pipe, also through a link, without waiting for its other end", async () => {
    execFileSync("mkfifo", [place("pipe")]);
    symlinkSync("pipe", place("link"));
    for (const path of [place("pipe"), place("link")]) {
      expect(await refusals(path)).toEqual(Array(3).fill(`${path} is a named pipe, not a file`));
    }
  });

  it("refuses a device, a directory and a socket", async () => {
    symlinkSync("/dev/zero", place("zero"));
    mkdirSync(place("directory"));
    const server = createServer().listen(place("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await refusals(place("zero"))).toEqual(Array(3).fill(`${place("zero")} is a device, not a file`));
    expect(await refusals(place("directory"))).toEqual(
      Array(3).fill(`${place("directory")} is a directory, not a file`),
    );
    expect(await refusals(place("socket"))).toEqual(Array(3).fill(`${place("socket")} is a socket, not a file`));
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses a loop of links and, when it is asked to, any link", async () => {
    symlinkSync("loop", place("loop"));
    writeFileSync(place("a"), "content");
    symlinkSync("a", place("link"));
    expect((await refusals(place("loop"))).join()).toMatch(/ELOOP.*ELOOP.*ELOOP/);
    expect(await refusals(place("link"), { noFollow: true })).toEqual(
      Array(3).fill(`${place("link")} is a symbolic link, not a file`),
    );
  });

  it("refuses a file past the bound, and takes one that is as large as it", async () => {
    writeFileSync(place("hole"), "");
    truncateSync(place("hole"), 2 ** 40);
    writeFileSync(place("exact"), "12345");
    await expect(readHostFile(place("hole"))).rejects.toThrow("is larger than 1048576 bytes");
    expect(() => readHostFileSync(place("hole"))).toThrow("is larger than 1048576 bytes");
    expect(await readHostText(place("exact"), { maxBytes: 5 })).toBe("12345");
    await expect(readHostFile(place("exact"), { maxBytes: 4 })).rejects.toThrow("is larger than 4 bytes");
  });

  it("streams a file from a place on", async () => {
    writeFileSync(place("a"), "0123456789");
    const pieces: Buffer[] = [];
    for await (const piece of streamHostFile(place("a"), { start: 4 })) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe("456789");
  });
});

describe("decoding a text", () => {
  const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16();

  it.each([
    ["UTF-8", Buffer.from("Grüße 🧤")],
    ["UTF-8 with a byte order mark", Buffer.from("\ufeffGrüße 🧤")],
    ["UTF-16, little-endian", Buffer.from("\ufeffGrüße 🧤", "utf16le")],
    ["UTF-16, big-endian", utf16be("Grüße 🧤")],
  ])("takes %s", (_, bytes) => {
    expect(decodeText(bytes, "it")).toBe("Grüße 🧤");
  });

  it.each([
    ["Latin-1", Buffer.from("Grüße", "latin1"), "it is not valid UTF-8"],
    ["a mark of UTF-8 before Latin-1", Buffer.from("\u00ef\u00bb\u00bfGrüße", "latin1"), "it is not valid UTF-8"],
    ["UTF-16 without a mark", Buffer.from("abc", "utf16le"), "it is not a text: it contains a zero byte"],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), "it is not a text: it contains a zero byte"],
    ["half a character of UTF-16", Buffer.from([0xff, 0xfe, 0x61]), "it begins like UTF-16 but is not valid UTF-16"],
    ["half a pair of UTF-16", Buffer.from([0xff, 0xfe, 0x3e, 0xd8]), "it begins like UTF-16 but is not valid UTF-16"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeText(bytes, "it")).toThrow(message);
  });
});

describe("making a directory", () => {
  const makers: [string, (path: string, mode?: number) => Promise<void>][] = [
    ["makeHostDirectory", makeHostDirectory],
    ["makeHostDirectorySync", async (path, mode) => makeHostDirectorySync(path, mode)],
  ];

  it.each(makers)("%s makes what is missing, and keeps what is there", async (_, make) => {
    await make(place("a/b/c"));
    writeFileSync(place("a/b/c/file"), "kept");
    await make(place("a/b/c"));
    expect(readFileSync(place("a/b/c/file"), "utf8")).toBe("kept");
  });

  it.each(makers)("%s follows a link to a directory", async (_, make) => {
    mkdirSync(place("real"));
    symlinkSync("real", place("link"));
    await make(place("link/below"));
    expect(existsSync(place("real/below"))).toBe(true);
  });

  it.each(makers)("%s ends where no directory can be made", async (_, make) => {
    symlinkSync("loop", place("loop"));
    symlinkSync("none/at/all", place("dangling"));
    writeFileSync(place("file"), "");
    await expect(make("/proc/x")).rejects.toThrow("The directory /proc/x cannot be made: ENOENT");
    await expect(make("/proc/self/x/y/z")).rejects.toThrow("cannot be made: ENOENT");
    await expect(make(place("loop/x"))).rejects.toThrow("cannot be made: ELOOP");
    await expect(make(place("dangling/x"))).rejects.toThrow("is a symbolic link that leads nowhere");
    await expect(make(place("file/x"))).rejects.toThrow(`${place("file")} is not a directory`);
    await expect(make(place("file"))).rejects.toThrow(`${place("file")} is not a directory`);
    await expect(make(place("n".repeat(300)))).rejects.toThrow("cannot be made: ENAMETOOLONG");
  });
});

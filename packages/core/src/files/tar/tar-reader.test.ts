import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { expect, it } from "vitest";
import { SandboxError } from "../../errors/index.ts";
import { type TarEntry, TarReader } from "./tar-reader.ts";
import { tarEnd, tarHeaderBytes, tarPadding } from "./tar-writer.ts";

interface Seen {
  readonly path: string;
  readonly kind: string;
  readonly target: string;
  body: string;
  ended: boolean;
}

function read(bytes: Buffer, piece: number): { seen: Seen[]; ended: boolean } {
  const seen: Seen[] = [];
  const last = () => seen.at(-1) as Seen;
  const reader = new TarReader({
    onEntry: (entry: TarEntry) => {
      seen.push({ path: String(entry.path), kind: entry.kind, target: String(entry.target), body: "", ended: false });
    },
    onContent: (content) => {
      last().body += content.toString("latin1");
    },
    onEntryEnd: () => {
      last().ended = true;
    },
  });
  for (let start = 0; start < bytes.length; start += piece) reader.push(bytes.subarray(start, start + piece));
  return { seen, ended: reader.ended };
}

const longName = `${"ordner/".repeat(40)}${"ü".repeat(100)}`;

it("reads what tar programs write, in every format and in pieces of any size", () => {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-tar-"));
  try {
    mkdirSync(join(directory, longName.slice(0, longName.lastIndexOf("/"))), { recursive: true });
    writeFileSync(join(directory, longName), "long");
    writeFileSync(join(directory, "zwei\nzeilen"), "z".repeat(3000));
    symlinkSync("t".repeat(150), join(directory, "link"));
    for (const format of ["pax", "gnu", "posix"]) {
      const bytes = execFileSync("tar", ["-c", `--format=${format}`, "-C", directory, "."]);
      const whole = read(bytes, bytes.length);
      expect(whole.ended).toBe(true);
      expect(whole.seen.find((entry) => entry.path === `./${longName}`)).toMatchObject({ kind: "file", body: "long" });
      expect(whole.seen.find((entry) => entry.path === "./zwei\nzeilen")?.body).toBe("z".repeat(3000));
      expect(whole.seen.find((entry) => entry.path === "./link")).toMatchObject({
        kind: "symlink",
        target: "t".repeat(150),
      });
      for (const piece of [1, 511, 513, 4096]) expect(read(bytes, piece)).toEqual(whole);
    }
    const short = execFileSync("tar", ["-c", "--format=ustar", "-C", directory, "zwei\nzeilen"]);
    expect(read(short, 100).seen).toHaveLength(1);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it("reads what the sandbox's side writes", async () => {
  const archive = pack();
  archive.entry({ name: longName, size: 4 }, "long");
  archive.entry({ name: "gone", size: 0, pax: { "GLOVEBOX.skipped": "it is a socket" } }, "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const skipped: (string | undefined)[] = [];
  const reader = new TarReader({
    onEntry: (entry) => void skipped.push(entry.skipped),
    onContent: () => {},
    onEntryEnd: () => {},
  });
  reader.push(Buffer.concat(chunks));
  expect(skipped).toEqual([undefined, "it is a socket"]);
});

it("writes what tar programs read, sizes beyond ustar's included", () => {
  const names = ["plain", "ünï", "neue\nzeile", longName, "x".repeat(100), "y".repeat(101)];
  const blocks = names.flatMap((path) => {
    const body = Buffer.from(`body of ${path}`);
    const header = tarHeaderBytes({ path, kind: "file", mode: 0o640, size: body.length, modifiedMs: 1e12 });
    return [header, body, tarPadding(body.length)];
  });
  blocks.push(tarHeaderBytes({ path: "d", kind: "directory", mode: 0o700, size: 0, modifiedMs: 1e12 }));
  blocks.push(tarHeaderBytes({ path: "l", kind: "symlink", mode: 0o777, size: 0, modifiedMs: 1e12, target: longName }));
  const directory = mkdtempSync(join(tmpdir(), "glovebox-tar-"));
  try {
    execFileSync("tar", ["-x", "-C", directory], { input: Buffer.concat([...blocks, tarEnd]) });
    for (const path of names) {
      expect(execFileSync("cat", ["--", join(directory, path)]).toString()).toBe(`body of ${path}`);
    }
    const facts = execFileSync("stat", [
      "-c",
      "%a %Y %F",
      join(directory, "plain"),
      join(directory, "d"),
      join(directory, "l"),
    ]);
    expect(facts.toString().trim().split("\n")).toEqual([
      "640 1000000000 regular file",
      "700 1000000000 directory",
      expect.stringContaining("symbolic link"),
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
  const size = 2 ** 40;
  let reported = 0;
  const reader = new TarReader({
    onEntry: (entry) => {
      reported = entry.size;
    },
    onContent: () => {},
    onEntryEnd: () => {},
  });
  reader.push(tarHeaderBytes({ path: "huge", kind: "file", mode: 0o644, size, modifiedMs: 0 }));
  expect(reported).toBe(size);
});

it("ends or refuses, whatever bytes it is given", () => {
  const valid = Buffer.concat([
    tarHeaderBytes({ path: longName, kind: "file", mode: 0o644, size: 700, modifiedMs: 1e12 }),
    Buffer.alloc(700, "a"),
    tarPadding(700),
    tarHeaderBytes({ path: "l", kind: "symlink", mode: 0o777, size: 0, modifiedMs: 0, target: "ü" }),
    tarEnd,
  ]);
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  let refused = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Buffer.from(valid);
    for (let flips = random(6); flips >= 0; flips -= 1) bytes[random(bytes.length)] = random(256);
    // A right checksum lets the damage get past the first look.
    for (let block = 0; block + 512 <= bytes.length; block += 512) if (random(2) === 1) fixChecksum(bytes, block);
    try {
      const { seen } = read(bytes, 1 + random(2000));
      expect(seen.reduce((sum, entry) => sum + entry.body.length, 0)).toBeLessThanOrEqual(bytes.length);
    } catch (error) {
      expect(SandboxError.isInstance(error) && error.code).toBe("lost");
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

function fixChecksum(bytes: Buffer, block: number): void {
  bytes.fill(0x20, block + 148, block + 156);
  let sum = 0;
  for (const byte of bytes.subarray(block, block + 512)) sum += byte;
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, block + 148, "latin1");
}

import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { paxRecord, type RawEntry, rawEntry, rawTar } from "../../test/raw-tar.ts";
import { extractArchive } from "./extract-archive.ts";
import type { ExtractOptions } from "./extraction.ts";

let base: string;
let out: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-extract-")));
  out = join(base, "out");
  mkdirSync(out);
  mkdirSync(join(base, "canary"));
  writeFileSync(join(base, "canary", "song"), "alive");
});

afterEach(() => {
  // Whatever an archive tried, the place next to the folder is as it was.
  expect(readdirSync(base).sort()).toEqual(["canary", "out"]);
  expect(readdirSync(join(base, "canary"))).toEqual(["song"]);
  expect(readFileSync(join(base, "canary", "song"), "utf8")).toBe("alive");
  expect(lstatSync(join(base, "canary", "song")).nlink).toBe(1);
  rmSync(base, { recursive: true, force: true });
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function extract(archive: Buffer | readonly RawEntry[], options: Partial<ExtractOptions> = {}, piece = 1000) {
  const bytes = Buffer.isBuffer(archive) ? archive : rawTar(archive as readonly RawEntry[]);
  const result = await extractArchive(inPieces(bytes, piece), {
    directory: out,
    traits: { mergesCase: false, mergesNormalForms: false },
    totalBytes: 1e9,
    fileBytes: 1e9,
    ignores: () => false,
    refuseDotGit: false,
    ...options,
  });
  return { ...result, names: [...result.entries.keys()].sort(), reasons: result.skipped.map((one) => one.reason) };
}

const file = (name: string | Buffer, body: string | Buffer = "x"): RawEntry => ({ name, body });
const link = (name: string, target: string): RawEntry => ({ name, type: "2", link: target });
const folder = (name: string, mode = 0o755): RawEntry => ({ name, type: "5", mode });

describe("what is legal comes back as it was", () => {
  it("keeps content, hash, mode, time, links, empty files and folders, in pieces of any size", async () => {
    const blob = randomBytes(5000);
    const archive = rawTar([
      folder("./"),
      { name: "./bin", body: blob, mode: 0o751, modifiedSeconds: 1_600_000_000 },
      file("./empty", ""),
      folder("./void/"),
      link("./to-bin", "bin"),
      { name: "hard", type: "1", link: "./bin" },
    ]);
    for (const piece of [1, 7, 511, 512, 513, 100_000]) {
      rmSync(out, { recursive: true });
      mkdirSync(out);
      const result = await extract(archive, {}, piece);
      expect(result).toMatchObject({ complete: true, skipped: [], bytes: 10_000 });
      expect(result.names).toEqual(["bin", "empty", "hard", "to-bin", "void"]);
      expect(readFileSync(join(out, "bin")).equals(blob)).toBe(true);
      expect(readFileSync(join(out, "hard")).equals(blob)).toBe(true);
      expect(lstatSync(join(out, "hard")).nlink).toBe(1);
      expect(statSync(join(out, "bin")).mode & 0o7777).toBe(0o751);
      expect(statSync(join(out, "bin")).mtimeMs).toBe(1_600_000_000_000);
      expect(readlinkSync(join(out, "to-bin"))).toBe("bin");
      expect(result.entries.get("bin")).toMatchObject({ kind: "file", mode: "0751", size: 5000 });
      expect(result.entries.get("bin")?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("takes every name that a disk can hold", async () => {
    const names = [
      "a\nb",
      " lead",
      "trail ",
      "-rf",
      ".hidden",
      "back\\slash",
      "ünï",
      "u\u0308",
      "\u00fc",
      "🧤".repeat(60),
      "a".repeat(255),
      "...",
      "..a",
      'a:b*?"<>|',
      "\u202egnp.exe",
      "\x01",
      "$(reboot)",
      "'quote'",
    ];
    const result = await extract(names.map((path) => ({ name: "short", body: path, pax: { path } })));
    expect(result.skipped).toEqual([]);
    expect(readdirSync(out).sort()).toEqual(names.toSorted());
    for (const name of names) expect(readFileSync(join(out, name), "utf8")).toBe(name);
  });

  it("fills a folder that may not be written, and drops setuid, setgid and sticky", async () => {
    const result = await extract([
      folder("locked", 0o500),
      file("locked/a"),
      { name: "su", mode: 0o6755 },
      folder("tmp", 0o1777),
    ]);
    expect(result.skipped).toEqual([]);
    expect(statSync(join(out, "locked")).mode & 0o7777).toBe(0o500);
    expect(statSync(join(out, "su")).mode & 0o7777).toBe(0o755);
    expect(statSync(join(out, "tmp")).mode & 0o7777).toBe(0o777);
    expect(result.entries.get("su")?.mode).toBe("0755");
  });

  it("lists folders that the archive does not name, and takes them when it names them late", async () => {
    const result = await extract([file("a/b/c"), folder("a", 0o700)]);
    expect(result.names).toEqual(["a", "a/b", "a/b/c"]);
    expect(result.entries.get("a")?.mode).toBe("0700");
  });

  it("replaces an earlier collection's files and leaves the others alone", async () => {
    writeFileSync(join(out, "old"), "old");
    writeFileSync(join(out, "mine"), "mine");
    symlinkSync("../canary/song", join(out, "was-a-link"));
    const result = await extract([file("old", "new"), file("was-a-link", "file"), link("mine-too", "mine")]);
    expect(result.skipped).toEqual([]);
    expect(readFileSync(join(out, "old"), "utf8")).toBe("new");
    expect(lstatSync(join(out, "was-a-link")).isFile()).toBe(true);
    expect(readFileSync(join(out, "mine"), "utf8")).toBe("mine");
  });

  it("takes links that stay inside, also dangling ones and ones that lead through others", async () => {
    const result = await extract([
      link("a/b/up", "../.."),
      link("q", "a/b/up/a"),
      link("gone", "nowhere/at-all"),
      folder("a/b"),
    ]);
    expect(result.skipped).toEqual([]);
    expect(readlinkSync(join(out, "q"))).toBe("a/b/up/a");
  });
});

describe("what would leave the folder is refused by name, and the rest goes on", () => {
  const refusals: readonly (readonly [string, RawEntry, string])[] = [
    ["an absolute path", file(`/tmp/evil`), "absolute"],
    ["a path that climbs", file("../canary/evil"), "leads out"],
    ["a path that climbs late", file("a/../../canary/evil"), "leads out"],
    ["an empty name", file(""), "no name"],
    ["an empty part", file("a//b"), "empty part"],
    ["a dot part", file("a/./b"), "empty part"],
    ["a NUL in the name", { name: "x", pax: { path: "a\0b" } }, "NUL"],
    ["a name that is no UTF-8", file(Buffer.from([0x61, 0xff, 0x62])), "UTF-8"],
    ["a name longer than the disk takes", { name: "x", pax: { path: "n".repeat(256) } }, "too long for this disk"],
    ["a path longer than any disk takes", { name: "x", pax: { path: `${"p/".repeat(3000)}p` } }, "too long"],
    ["a link out", link("l", "../canary"), "out of the folder"],
    ["an absolute link", link("l", "/etc/passwd"), "absolute"],
    ["a link to nothing", link("l", ""), "empty"],
    ["a link to itself", link("l", "l"), "itself"],
    ["a hard link out", { name: "h", type: "1", link: "../canary/song" }, "hard link"],
    ["a hard link to an absolute path", { name: "h", type: "1", link: "/etc/passwd" }, "hard link"],
    ["a character device", { name: "d", type: "3" }, "device"],
    ["a block device", { name: "d", type: "4" }, "device"],
    ["a fifo", { name: "d", type: "6" }, "fifo"],
    ["an unknown kind", { name: "d", type: "Z", body: "abc" }, "unknown"],
    ["a sparse file", { name: "d", pax: { "GNU.sparse.size": "99999999" }, body: "abc" }, "unknown"],
    ["what the sandbox could not read", { name: "d", pax: { "GLOVEBOX.skipped": "it is a socket" } }, "it is a socket"],
  ];
  for (const [what, entry, reason] of refusals) {
    it(what, async () => {
      const result = await extract([file("before"), entry, file("after")]);
      expect(result.complete).toBe(true);
      expect(result.skipped).toHaveLength(1);
      expect(result.reasons[0]).toContain(reason);
      expect(readdirSync(out).sort()).toEqual(["after", "before"]);
    });
  }

  it("shows a name that is no UTF-8 by its bytes", async () => {
    const result = await extract([file(Buffer.from([0x61, 0xff, 0x0a]))]);
    expect(result.skipped[0]?.path).toBe("a\\xff\\x0a");
  });
});

describe("links are never written through", () => {
  it("whatever the order of link and file", async () => {
    const result = await extract([
      link("a", "../canary"),
      file("a/evil"),
      file("b/ok"),
      link("b", "../canary"),
      file("b/evil"),
    ]);
    expect(result.reasons.filter((one) => one.includes("not a folder"))).toHaveLength(1);
    expect(result.reasons.filter((one) => one.includes("twice"))).toHaveLength(1);
    expect(existsSync(join(out, "a"))).toBe(false);
    expect(readdirSync(join(out, "b")).sort()).toEqual(["evil", "ok"]);
  });

  it("also when the link stays inside: a file below it is refused, not moved", async () => {
    const result = await extract([folder("real"), link("l", "real"), file("l/x")]);
    expect(result.names).toEqual(["l", "real"]);
    expect(readdirSync(join(out, "real"))).toEqual([]);
  });

  it("when a link takes the place of a file or folder, and the other way round", async () => {
    const result = await extract([
      file("f"),
      link("f", "../canary/song"),
      folder("d"),
      link("d", "../canary"),
      file("d/x"),
      link("l", "f"),
      file("l", "over"),
    ]);
    expect(result.names).toEqual(["d", "d/x", "f", "l"]);
    expect(readFileSync(join(out, "f"), "utf8")).toBe("x");
    expect(result.reasons).toEqual(Array(3).fill("the archive names it twice"));
  });

  it("when it was on the disk before, as a parent or in the file's place", async () => {
    symlinkSync("../canary", join(out, "parent"));
    symlinkSync("../canary/song", join(out, "song"));
    const result = await extract([file("parent/song", "dead"), folder("parent"), file("song", "dead")]);
    expect(result.names).toEqual(["song"]);
    expect(result.reasons[0]).toContain("link on the disk");
  });

  it("a chain that only leaves when it is followed is refused", async () => {
    const result = await extract([
      folder("a/b/c"),
      link("q", "a/b/c/up/../canary/song"),
      link("a/b/c/up", "../../.."),
      link("r", "q"),
    ]);
    expect(result.names).not.toContain("q");
    expect(result.names).not.toContain("r");
    expect(result.names).toContain("a/b/c/up");
  });

  it("a chain through a link that was on the disk before is refused", async () => {
    mkdirSync(join(out, "deep"));
    symlinkSync("../../canary", join(out, "deep", "old"));
    const result = await extract([link("q", "deep/old/song")]);
    expect(result.names).toEqual([]);
  });

  it("a hard link to a symlink is refused", async () => {
    const result = await extract([file("f"), link("l", "f"), { name: "h", type: "1", link: "l" }]);
    expect(result.names).toEqual(["f", "l"]);
  });
});

describe("what a disk would merge", () => {
  it("is refused, folders included", async () => {
    const traits = { mergesCase: true, mergesNormalForms: true };
    const result = await extract(
      [
        file("README"),
        file("readme"),
        file("Dir/a"),
        file("dir/b"),
        file("\u00fc"),
        { name: "x", pax: { path: "u\u0308" } },
      ],
      { traits },
    );
    expect(result.names).toEqual(["Dir", "Dir/a", "README", "\u00fc"]);
    expect(result.skipped.map((one) => one.path)).toEqual(["readme", "dir/b", "u\u0308"]);
  });

  it("is kept apart where the disk keeps it apart; the same name twice never is", async () => {
    const result = await extract([file("README", "1"), file("readme", "2"), file("readme", "3")]);
    expect(result.names).toEqual(["README", "readme"]);
    expect(readFileSync(join(out, "readme"), "utf8")).toBe("2");
    expect(result.reasons).toEqual(["the archive names it twice"]);
  });
});

describe(".git below a project", () => {
  it("is refused in every spelling, once for all that is below it", async () => {
    const result = await extract(
      [
        file(".git/config"),
        file(".git/hooks/post-checkout"),
        file("sub/.GIT/config"),
        file(".g\u200cit/x"),
        file("GIT~1/x"),
        file(".git . /x"),
        file(".gitignore"),
      ],
      { refuseDotGit: true },
    );
    expect(result.names).toEqual([".gitignore"]);
    expect(result.skipped.map((one) => one.path)).toEqual([".git", "sub/.GIT", ".g\u200cit", "GIT~1", ".git . "]);
  });
});

describe("limits", () => {
  it("names the files past the caps, reads over them and goes on", async () => {
    const entries = [
      file("big", "b".repeat(600)),
      file("one", "1".repeat(400)),
      file("two", "2".repeat(700)),
      file("t"),
    ];
    const result = await extract(entries, { fileBytes: 500, totalBytes: 450 });
    expect(result).toMatchObject({ complete: true, bytes: 401 });
    expect(result.names).toEqual(["one", "t"]);
    expect(result.skipped.map((one) => one.path)).toEqual(["big", "two"]);
  });

  it("does not read over without end, and can stop at what is too large to be read over", async () => {
    const entries = [file("a"), file("big", "b".repeat(600)), file("z")];
    const drained = await extract(entries, { fileBytes: 500, maxDrainedBytes: 599 });
    expect(drained).toMatchObject({ complete: false, error: { code: "file" } });
    const stopped = await extract(entries, { fileBytes: 500, stopAboveBytes: 550 });
    expect(stopped).toMatchObject({ complete: false, tooLarge: { path: "big" } });
    expect(stopped.error).toBeUndefined();
    expect(await extract(entries, { fileBytes: 500, stopAboveBytes: 600 })).toMatchObject({ complete: true });
  });

  it("counts what a hard link copies", async () => {
    const copies = Array.from({ length: 50 }, (_, index) => ({ name: `h${index}`, type: "1", link: "f" }));
    const result = await extract([file("f", "f".repeat(100)), ...copies], { totalBytes: 1000 });
    expect(result.bytes).toBe(1000);
    expect(result.skipped).toHaveLength(41);
  });

  it("stops at too many entries", async () => {
    const result = await extract(
      Array.from({ length: 30 }, (_, index) => file(`f${index}`)),
      { maxEntries: 20 },
    );
    expect(result).toMatchObject({ complete: false, error: { code: "file" } });
    expect(result.names).toHaveLength(20);
  });

  it("bounds the list of what was skipped", async () => {
    const result = await extract(Array.from({ length: 10_050 }, (_, index) => ({ name: `f${index}`, type: "6" })));
    expect(result.skipped).toHaveLength(10_001);
    expect(result.reasons.at(-1)).toContain("50 more");
    expect(result.left.size).toBe(10_050);
  });

  it("refuses a flood of headers and headers without end", async () => {
    const meta = Buffer.concat(rawEntry({ name: "g", type: "x", body: paxRecord("comment", Buffer.from("x")) }));
    expect(await extract(Buffer.concat([...Array(100).fill(meta), rawTar([file("a")])]))).toMatchObject({
      complete: false,
    });
    expect(await extract([{ name: "x", type: "x", size: 2 ** 32, body: "a" }])).toMatchObject({
      complete: false,
      error: { code: "lost" },
    });
    expect(await extract([{ name: "x", type: "L", size: 2 ** 32, body: "a" }])).toMatchObject({
      complete: false,
      error: { code: "lost" },
    });
  });

  it("believes neither a size that is no number nor one for all entries to come", async () => {
    for (const size of ["-1", "1e3", "99999999999999999999", ""]) {
      expect(await extract([{ name: "x", pax: { size } }])).toMatchObject({ complete: false, error: { code: "lost" } });
    }
    const global = { name: "g", type: "g", body: paxRecord("path", Buffer.from("../canary/evil")) };
    expect((await extract([global, file("mine")])).names).toEqual(["mine"]);
  });
});

describe("an archive that breaks off", () => {
  it("keeps what was whole, drops what was not, and says so, wherever it ends", async () => {
    const whole = rawTar([file("one", "1".repeat(700)), link("l", "one"), file("two", "2".repeat(700))]);
    for (let length = 0; length < whole.length - 512; length += 256) {
      rmSync(out, { recursive: true });
      mkdirSync(out);
      const result = await extract(whole.subarray(0, length));
      expect(result).toMatchObject({ complete: false, error: { code: "lost" } });
      for (const name of readdirSync(out)) expect(result.names).toContain(name);
      for (const entry of result.entries.values())
        if (entry.kind === "file") expect(statSync(join(out, entry.path)).size).toBe(700);
    }
  });

  it("names the file that was cut", async () => {
    const result = await extract(rawTar([file("one", "1".repeat(700))]).subarray(0, 800));
    expect(result.skipped).toEqual([{ path: "one", reason: "the archive ends within it" }]);
    expect(readdirSync(out)).toEqual([]);
  });

  it("keeps the stream's own error and its cancellation", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield rawTar([file("one")], { ending: false });
      throw new Error("the wire was cut");
    }
    const options = {
      directory: out,
      traits: { mergesCase: false, mergesNormalForms: false },
      totalBytes: 1e9,
      fileBytes: 1e9,
      ignores: () => false,
      refuseDotGit: false,
    };
    const result = await extractArchive(broken(), options);
    expect(result.error).toMatchObject({ code: "lost", cause: { message: "the wire was cut" } });
    expect([...result.entries.keys()]).toEqual(["one"]);
    const stopped = await extract([file("two")], { signal: AbortSignal.abort() });
    expect(stopped.error?.code).toBe("aborted");
  });

  it("takes a file back that the sandbox could not read to its end after all", async () => {
    const result = await extract([
      file("a", "half"),
      file("b"),
      { name: "a", pax: { "GLOVEBOX.skipped": "it changed while it was read" } },
    ]);
    expect(result.names).toEqual(["b"]);
    expect(result.bytes).toBe(1);
    expect(existsSync(join(out, "a"))).toBe(false);
    expect(result.skipped).toEqual([{ path: "a", reason: "it changed while it was read" }]);
  });

  it("names what the disk refuses", async () => {
    mkdirSync(join(out, "taken"));
    writeFileSync(join(out, "taken", "mine"), "");
    chmodSync(join(out, "taken"), 0o755);
    const result = await extract([file("taken")]);
    expect(result.reasons[0]).toContain("a folder on the disk is in its place");
  });
});

it("extracts 10,000 small files", async () => {
  const entries = Array.from({ length: 10_000 }, (_, index) => file(`d${index % 50}/f${index}`, `content ${index}`));
  const result = await extract(entries, {}, 65_536);
  expect(result).toMatchObject({ complete: true, skipped: [] });
  expect(result.entries.size).toBe(10_050);
  expect(readFileSync(join(out, "d49/f9999"), "utf8")).toBe("content 9999");
});

import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryEntry, ExtractTrip, file, link } from "../../../test/extract-trip.ts";
import { paxRecord, rawEntry, rawTar } from "../../../test/raw-tar.ts";
import { extractArchive } from "./extract-archive.ts";

let trip: ExtractTrip;
let out: string;

beforeEach(() => {
  trip = new ExtractTrip();
  out = trip.out;
});
afterEach(() => trip.dispose());

const extract: ExtractTrip["extract"] = (...args) => trip.extract(...args);

describe("what is legal comes back as it was", () => {
  it("keeps content, hash, mode, time, links, empty files and directories, in pieces of any size", async () => {
    const blob = randomBytes(5000);
    const archive = rawTar([
      directoryEntry("./"),
      { name: "./bin", body: blob, mode: 0o751, modifiedSeconds: 1_600_000_000 },
      file("./empty", ""),
      directoryEntry("./void/"),
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

  it("keeps holes as holes, and every byte around them", async () => {
    const size = 8 * 1024 * 1024;
    const sparse = Buffer.alloc(size);
    sparse.write("start");
    sparse.write("middle", 5_000_001);
    const tail = Buffer.concat([sparse, Buffer.from("end")]);
    const archive = rawTar([file("sparse", sparse), file("tail", tail), file("zeros", Buffer.alloc(10_000))]);
    for (const piece of [511, 16_375, 300_000]) {
      rmSync(out, { recursive: true });
      mkdirSync(out);
      const result = await extract(archive, {}, piece);
      expect(readFileSync(join(out, "sparse")).equals(sparse)).toBe(true);
      expect(readFileSync(join(out, "tail")).equals(tail)).toBe(true);
      expect(readFileSync(join(out, "zeros")).equals(Buffer.alloc(10_000))).toBe(true);
      expect(result.entries.get("sparse")).toMatchObject({
        size,
        sha256: createHash("sha256").update(sparse).digest("hex"),
      });
      expect(statSync(join(out, "sparse")).blocks * 512).toBeLessThan(size / 8);
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

  it("fills a directory that may not be written, and drops setuid, setgid and sticky", async () => {
    const result = await extract([
      directoryEntry("locked", 0o500),
      file("locked/a"),
      { name: "su", mode: 0o6755 },
      directoryEntry("tmp", 0o1777),
    ]);
    expect(result.skipped).toEqual([]);
    expect(statSync(join(out, "locked")).mode & 0o7777).toBe(0o500);
    expect(statSync(join(out, "su")).mode & 0o7777).toBe(0o755);
    expect(statSync(join(out, "tmp")).mode & 0o7777).toBe(0o777 & ~process.umask());
    expect(result.entries.get("su")?.mode).toBe("0755");
  });

  it("lists directories that the archive does not name, and takes them when it names them late", async () => {
    const result = await extract([file("a/b/c"), directoryEntry("a", 0o700)]);
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
      directoryEntry("a/b"),
    ]);
    expect(result.skipped).toEqual([]);
    expect(readlinkSync(join(out, "q"))).toBe("a/b/up/a");
  });
});

describe("limits", () => {
  it("names the files past the caps, reads over them and continues", async () => {
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
    expect(drained.complete).toBe(false);
    expect(drained.error, "asking again would bring the same").toBeUndefined();
    expect(drained.reasons.at(0)).toContain("over 599 bytes");
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
    expect(result.complete).toBe(false);
    expect(result.error, "asking again would bring the same").toBeUndefined();
    expect(result.reasons.at(0)).toContain("more than 20 entries");
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
    const options = trip.plainOptions();
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
    expect(result.reasons[0]).toContain("a directory on the disk is in its place");
  });
});

it("extracts 10,000 small files", async () => {
  const entries = Array.from({ length: 10_000 }, (_, index) => file(`d${index % 50}/f${index}`, `content ${index}`));
  const result = await extract(entries, {}, 65_536);
  expect(result).toMatchObject({ complete: true, skipped: [] });
  expect(result.entries.size).toBe(10_050);
  expect(readFileSync(join(out, "d49/f9999"), "utf8")).toBe("content 9999");
});

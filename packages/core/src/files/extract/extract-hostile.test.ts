import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryEntry, ExtractTrip, file, link } from "../../../test/extract-trip.ts";
import type { RawEntry } from "../../../test/raw-tar.ts";

let trip: ExtractTrip;
let out: string;

beforeEach(() => {
  trip = new ExtractTrip();
  out = trip.out;
});
afterEach(() => trip.dispose());

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const extract: ExtractTrip["extract"] = (...args) => trip.extract(...args);

describe("what would leave the directory is refused by name, and the rest continues", () => {
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
    ["a link out", link("l", "../canary"), "out of the directory"],
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
    expect(result.reasons.filter((one) => one.includes("not a directory"))).toHaveLength(1);
    expect(result.reasons.filter((one) => one.includes("twice"))).toHaveLength(1);
    expect(existsSync(join(out, "a"))).toBe(false);
    expect(readdirSync(join(out, "b")).sort()).toEqual(["evil", "ok"]);
  });

  it("also when the link stays inside: a file below it is refused, not moved", async () => {
    const result = await extract([directoryEntry("real"), link("l", "real"), file("l/x")]);
    expect(result.names).toEqual(["l", "real"]);
    expect(readdirSync(join(out, "real"))).toEqual([]);
  });

  it("when a link takes the place of a file or directory, and the other way round", async () => {
    const result = await extract([
      file("f"),
      link("f", "../canary/song"),
      directoryEntry("d"),
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
    const result = await extract([file("parent/song", "dead"), directoryEntry("parent"), file("song", "dead")]);
    expect(result.names).toEqual(["song"]);
    expect(result.reasons[0]).toContain("link on the disk");
  });

  it("a chain that only leaves when it is followed is refused", async () => {
    const result = await extract([
      directoryEntry("a/b/c"),
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
  it("is refused, directories included", async () => {
    const traits = { caseInsensitive: true, normalizationInsensitive: true };
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

describe("a repository", () => {
  it("is never written: a .git is found, and every other spelling of it is refused, once for all that is below it", async () => {
    const result = await extract([
      file(".git/config"),
      file(".git/hooks/post-checkout"),
      file("sub/.git"),
      file("sub/.GIT/config"),
      file(".g\u200cit/x"),
      file("GIT~1/x"),
      file(".git . /x"),
      file(".git::$INDEX_ALLOCATION/x"),
      file(".gitignore"),
    ]);
    expect(result.names).toEqual([".gitignore"]);
    expect(result.skipped.map((one) => one.path)).toEqual([
      "sub/.GIT",
      ".g\u200cit",
      "GIT~1",
      ".git . ",
      ".git::$INDEX_ALLOCATION",
    ]);
    expect(result.repositories).toEqual([
      { path: "", isBare: false },
      { path: "sub", isBare: false },
    ]);
    expect([...result.left]).toContain(".git");
  });

  it.each<[string, RawEntry[]]>([
    ["HEAD, objects and refs", [file("b/HEAD"), file("b/objects/x"), file("b/refs/x"), file("b/config")]],
    ["HEAD and commondir", [file("b/commondir"), file("b/HEAD"), file("b/config")]],
    ["spelled otherwise", [file("b/hEaD"), file("b/Objects/x"), file("b/REFS/x"), file("b/config")]],
    ["a HEAD that is a link", [link("b/HEAD", "refs/x"), file("b/objects/x"), file("b/refs/x")]],
    ["a HEAD that is a hard link", [file("b/x"), { name: "b/HEAD", type: "1", link: "b/x" }, file("b/commondir")]],
    ["objects that is a link", [file("b/HEAD"), link("b/objects", "c"), file("b/refs/x")]],
  ])("by what a directory holds lacks its HEAD: %s", async (_, entries) => {
    const result = await extract(entries);
    const head = entries.map((entry) => String(entry.name)).find((name) => /head$/i.test(name)) ?? "";
    expect(result.names).not.toContain(head);
    expect(result.skipped.map((one) => one.path)).toEqual([head]);
    expect(readdirSync(join(out, "b")).filter((name) => /head/i.test(name))).toEqual([]);
    expect(result.repositories).toEqual([{ path: "b", isBare: true }]);
  });

  it.each(["commondir", "objects", "refs"])("is not seen in a directory that begins with %s", async (name) => {
    expect((await extract([file(`new/directory/${name}`)])).names).toContain(`new/directory/${name}`);
  });

  it("is not made by two results in one directory either", async () => {
    await extract([file("b/HEAD", "ref: refs/heads/x"), file("c/HEAD", "ref: refs/heads/x")]);
    const second = await extract([
      directoryEntry("b/objects"),
      file("b/objects/x"),
      file("b/refs/heads/x"),
      file("b/config"),
      file("c/commondir"),
    ]);
    expect(second.names).toEqual(["b", "b/config"]);
    expect(readdirSync(join(out, "b")).sort()).toEqual(["HEAD", "config"]);
    expect(readdirSync(join(out, "c"))).toEqual(["HEAD"]);
  });

  it("that came back as the project's own is not written into when its settings have changed", async () => {
    const own = [file("f/HEAD", "ref: refs/heads/x"), file("f/config", "1"), file("f/objects/x"), file("f/refs/x")];
    const first = await extract(own);
    expect(first.skipped.map((one) => one.path)).toEqual(["f/HEAD"]);
    const entry = (path: string, text: string) =>
      ({ path, kind: "file", mode: "0644", size: text.length, sha256: hash(text) }) as const;
    const went = [entry("f/HEAD", "ref: refs/heads/x"), entry("f/config", "1")];
    const before = new Map(went.map((one) => [one.path, one]));
    expect((await extract(own, { before })).names).toContain("f/HEAD");
    expect(readdirSync(join(out, "f"))).toContain("HEAD");
    const changed = await extract([...own.filter(({ name }) => name !== "f/config"), file("f/config", "2")], {
      before,
    });
    expect(changed.names).toEqual([]);
    expect(readFileSync(join(out, "f/config"), "utf8")).toBe("1");
  });

  it("is not seen in a file that is merely called HEAD", async () => {
    const result = await extract([file("HEAD", "1"), file("a/HEAD", "2"), file("a/objects/x"), file("refs/x")]);
    expect(result.skipped).toEqual([]);
    expect(readFileSync(join(out, "a/HEAD"), "utf8")).toBe("2");
    expect(readdirSync(out).sort()).toEqual(["HEAD", "a", "refs"]);
  });

  it("of another system comes without what that system executes", async () => {
    const result = await extract([
      file(".hg/hgrc"),
      file(".hg/sharedpath"),
      file(".hg/histedit-state"),
      file(".hg/store/00changelog.i"),
      file(".hg/requires"),
      file("a/.SL/config"),
      file("b/.jj/repo/config.toml"),
      file("b/.jj/repo/store/type"),
      file("c/.jj/repo"),
      file("d/_darcs/prefs/defaults"),
      file("d/_darcs/format"),
      file("e/.bzr/branch/branch.conf"),
      file("e/.bzr/branch/format"),
      file("f/.pijul/config"),
      link("g/.hg", "../x"),
    ]);
    expect(result.names.filter((name) => result.entries.get(name)?.kind !== "directory")).toEqual([
      ".hg/requires",
      ".hg/store/00changelog.i",
      "b/.jj/repo/store/type",
      "d/_darcs/format",
      "e/.bzr/branch/format",
    ]);
  });
});

describe("modes", () => {
  it("are masked by the umask on the disk, and listed as they were inside", async () => {
    const before = process.umask(0o027);
    try {
      const result = await extract([
        { ...file("a"), mode: 0o666 },
        { name: "d", type: "5", mode: 0o777 },
      ]);
      expect(statSync(join(out, "a")).mode & 0o777).toBe(0o640);
      expect(statSync(join(out, "d")).mode & 0o777).toBe(0o750);
      expect(result.entries.get("a")?.mode).toBe("0666");
    } finally {
      process.umask(before);
    }
  });
});

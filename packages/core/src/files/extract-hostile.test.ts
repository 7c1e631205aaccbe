import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExtractTrip, file, folder, link } from "../../test/extract-trip.ts";
import type { RawEntry } from "../../test/raw-tar.ts";

let trip: ExtractTrip;
let out: string;

beforeEach(() => {
  trip = new ExtractTrip();
  out = trip.out;
});
afterEach(() => trip.dispose());

const extract: ExtractTrip["extract"] = (...args) => trip.extract(...args);

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

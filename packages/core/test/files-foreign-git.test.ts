import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
let other: string;

/** Another repository of the person's, which has nothing to do with the project. */
beforeEach(() => {
  trip = new FileTrip();
  other = join(trip.base, "other");
  mkdirSync(other);
  writeFiles(other, { "private.txt": "private" });
  gitIn(other, "init", "-q", "-b", "main");
  gitIn(other, "add", "-A");
  gitIn(other, "commit", "-q", "-m", "private");
  trip.write({ "a.txt": "a" });
});
afterEach(() => trip.dispose());

const insideHistory = () => existsSync(join(trip.sandbox.workspace, ".git"));

describe("a folder whose .git leads into another repository", () => {
  it.each<[string, () => void]>([
    ["by a .git file", () => writeFileSync(join(trip.project, ".git"), `gitdir: ${other}/.git\n`)],
    ["by a .git link", () => symlinkSync(join(other, ".git"), join(trip.project, ".git"))],
    [
      "by its common folder",
      () => {
        writeFiles(trip.project, { ".git/HEAD": "ref: refs/heads/main\n", ".git/commondir": `${other}/.git\n` });
      },
    ],
    [
      "by links within",
      () => {
        trip.git("init", "-q", "-b", "main");
        for (const name of ["objects", "refs"]) {
          rmSync(join(trip.project, ".git", name), { recursive: true });
          symlinkSync(join(other, ".git", name), join(trip.project, ".git", name));
        }
      },
    ],
    [
      "by a linked branch and alternates",
      () => {
        trip.git("init", "-q", "-b", "main");
        symlinkSync(join(other, ".git/refs/heads/main"), join(trip.project, ".git/refs/heads/main"));
        writeFiles(trip.project, { ".git/objects/info/alternates": `${other}/.git/objects\n` });
      },
    ],
  ])("%s goes in without history", async (_, lead) => {
    lead();
    expect(gitIn(trip.project, "log", "--format=%s"), "git itself follows").toBe("private");
    await trip.upload();
    expect(existsSync(join(trip.sandbox.workspace, "a.txt"))).toBe(true);
    expect(insideHistory()).toBe(false);
    expect(trip.warnings).toContain("git-history");
  });
});

describe("a folder whose repository lies elsewhere and names it", () => {
  it("goes in with its history when it is a worktree", async () => {
    const worktree = join(trip.base, "worktree");
    gitIn(other, "worktree", "add", "-q", worktree);
    await trip.upload(worktree);
    expect(insideHistory()).toBe(true);
  });

  it("and when it is a submodule", async () => {
    const outer = join(trip.base, "outer");
    mkdirSync(outer);
    gitIn(outer, "init", "-q");
    execFileSync("git", ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "sub"], {
      cwd: outer,
    });
    await trip.upload(join(outer, "sub"));
    expect(insideHistory()).toBe(true);
  });
});

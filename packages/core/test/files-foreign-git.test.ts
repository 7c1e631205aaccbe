import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
let other: string;

/** Another repository of the user's, which has nothing to do with the project. */
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

describe("a directory whose .git leads into another repository", () => {
  it.each<[string, () => void]>([
    ["by a .git file", () => writeFileSync(join(trip.project, ".git"), `gitdir: ${other}/.git\n`)],
    ["by a .git link", () => symlinkSync(join(other, ".git"), join(trip.project, ".git"))],
    [
      "by its common directory",
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
      "by alternates, and by the name of a commit that somebody knows",
      () => {
        trip.git("init", "-q", "-b", "main");
        const id = gitIn(other, "rev-parse", "HEAD");
        writeFiles(trip.project, {
          ".git/objects/info/alternates": `# x\n${other}/.git/objects\n`,
          ".git/refs/heads/main": id,
        });
      },
    ],
    [
      "by a linked pack directory",
      () => {
        trip.git("init", "-q", "-b", "main");
        gitIn(other, "repack", "-q", "-a", "-d");
        rmSync(join(trip.project, ".git/objects/pack"), { recursive: true });
        symlinkSync(join(other, ".git/objects/pack"), join(trip.project, ".git/objects/pack"));
        writeFiles(trip.project, { ".git/refs/heads/main": gitIn(other, "rev-parse", "HEAD") });
      },
    ],
    [
      "by linked loose objects",
      () => {
        trip.git("init", "-q", "-b", "main");
        for (const name of readdirSync(join(other, ".git/objects"))) {
          if (!/^..$/.test(name)) continue;
          mkdirSync(join(trip.project, ".git/objects", name));
          for (const rest of readdirSync(join(other, ".git/objects", name))) {
            symlinkSync(join(other, ".git/objects", name, rest), join(trip.project, ".git/objects", name, rest));
          }
        }
        writeFiles(trip.project, { ".git/refs/heads/main": gitIn(other, "rev-parse", "HEAD") });
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

describe("a directory whose repository lies elsewhere and names it", () => {
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

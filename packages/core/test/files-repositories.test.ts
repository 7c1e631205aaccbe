import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";
import { setTraps, type Trap } from "./git-traps.ts";

let trip: FileTrip;
let trap: Trap;
beforeEach(() => {
  trip = new FileTrip();
  trap = { script: join(trip.base, "trap.sh"), sprung: join(trip.base, "sprung") };
  writeFileSync(trap.script, `#!/bin/sh\necho "$0 $@" >> ${trap.sprung}\ncat\n`);
  chmodSync(trap.script, 0o755);
});
afterEach(() => trip.dispose());

const inside = (...path: string[]) => join(trip.sandbox.workspace, ...path);
const out = (...path: string[]) => join(trip.out, ...path);

/** What somebody does who looks around in a directory. */
function lookAt(directory: string): void {
  for (const args of [["status"], ["log", "--all"], ["diff"], ["stash", "list"], ["branch", "-av"], ["show"]]) {
    try {
      execFileSync("git", args, { cwd: directory, stdio: "ignore", env: { PATH: process.env.PATH, HOME: trip.base } });
    } catch {
      // Where there is no repository.
    }
  }
}

function makeRepository(directory: string, text = "by the agent"): void {
  mkdirSync(directory, { recursive: true });
  gitIn(directory, "init", "-q", "-b", "trunk");
  writeFiles(directory, { created: text });
  gitIn(directory, "add", "-A");
  gitIn(directory, "commit", "-q", "-m", text);
}

describe("a repository that the agent made", () => {
  it.each([
    ["without a workspace", null],
    ["in a directory without git", undefined],
  ])("comes back with its commits and without what git executes: %s", async (_, workspace) => {
    trip.write({ project: "p" });
    if (workspace === undefined) await trip.upload();
    makeRepository(inside());
    trip.gitInside("checkout", "-q", "-b", "topic");
    trip.gitInside("tag", "v1");
    trip.gitInside("notes", "add", "-m", "a note");
    for (const stash of ["first", "second"]) {
      trip.writeInside({ created: stash });
      trip.gitInside("stash", "push", "-q", "-m", stash);
    }
    trip.writeInside({ created: "not committed" });
    setTraps(inside(), trap);
    const back = await trip.collect(workspace === null ? { workspace: null } : {});
    expect(back.files.repositories).toEqual([{ path: "", state: "restored" }]);
    expect(trip.warnings).toEqual([]);
    // The traps are set inside, where they harm nobody.
    rmSync(trap.sprung, { force: true });
    lookAt(trip.out);
    expect(existsSync(trap.sprung)).toBe(false);
    expect(gitIn(trip.out, "symbolic-ref", "HEAD")).toBe("refs/heads/topic");
    expect(gitIn(trip.out, "log", "--format=%s", "trunk")).toBe("by the agent");
    expect(gitIn(trip.out, "describe", "--tags")).toBe("v1");
    expect(gitIn(trip.out, "notes", "show")).toBe("a note");
    expect(gitIn(trip.out, "show", "stash@{0}:created")).toBe("second");
    expect(gitIn(trip.out, "show", "stash@{1}:created")).toBe("first");
    expect(gitIn(trip.out, "status", "--porcelain", "--", "created")).toBe(" M created");
    expect(readdirSync(out(".git")).sort()).toEqual(
      ["HEAD", "config", "description", "index", "logs", "objects", "refs"].filter((name) =>
        existsSync(out(".git", name)),
      ),
    );
    expect(existsSync(out(".git/hooks"))).toBe(false);
    expect(readdirSync(join(trip.runDirectory, "repositories"))).toEqual([]);
    const names = ["filemode", "bare", "logallrefupdates", "repositoryformatversion"].map((name) => `core.${name}`);
    const settings = gitIn(trip.out, "config", "--local", "--list", "--name-only").split("\n");
    expect(settings.filter((name) => !names.includes(name))).toEqual([]);
  });

  it("comes back at every depth, without a commit, as a worktree and as a submodule", async () => {
    makeRepository(inside("deep/er/one"), "one");
    gitIn(inside("deep/er/one"), "worktree", "add", "-q", inside("tree"));
    mkdirSync(inside("none"));
    gitIn(inside("none"), "init", "-q", "-b", "empty");
    makeRepository(inside("outer"), "outer");
    gitIn(inside("outer"), "submodule", "--quiet", "add", inside("deep/er/one"), "sub");
    const back = await trip.collect({ workspace: null });
    expect(trip.warnings).toEqual([]);
    expect(back.files.repositories?.map(({ path, state }) => `${path} ${state}`).sort()).toEqual(
      ["deep/er/one", "none", "outer", "outer/sub", "tree"].map((path) => `${path} restored`),
    );
    expect(gitIn(out("deep/er/one"), "log", "--format=%s", "-1")).toBe("one");
    expect(gitIn(out("outer"), "log", "--format=%s", "-1")).toBe("outer");
    expect(gitIn(out("outer/sub"), "log", "--format=%s", "-1")).toBe("one");
    expect(gitIn(out("tree"), "log", "--format=%s", "-1")).toBe("one");
    expect(gitIn(out("none"), "symbolic-ref", "HEAD")).toBe("refs/heads/empty");
  });

  it("is kept as an archive where git cannot read it", async () => {
    makeRepository(inside());
    trip.writeInside({ ".git/config": "[core]\nthis is no setting =\n[\n" });
    const back = await trip.collect({ workspace: null });
    expect(trip.warnings).toEqual(["repository"]);
    const [one] = back.files.repositories ?? [];
    expect(one?.state).toBe("archive");
    expect(execFileSync("tar", ["-t", "-f", one?.file ?? ""]).toString()).toContain("./HEAD\n");
    expect(existsSync(out(".git"))).toBe(false);
  });

  it("is kept as a bundle where an object is one that git's own check refuses", async () => {
    makeRepository(inside());
    const blob = Buffer.from(trip.gitInside("rev-parse", "HEAD:created"), "hex");
    writeFileSync(inside("..", "tree"), Buffer.concat([Buffer.from("100644 .git\0"), blob]));
    const tree = trip.gitInside("hash-object", "-w", "-t", "tree", "--literally", inside("..", "tree"));
    trip.gitInside("update-ref", "refs/heads/trunk", trip.gitInside("commit-tree", "-m", "evil", tree));
    const back = await trip.collect({ workspace: null });
    expect(trip.warnings).toEqual(["repository"]);
    expect(back.files.repositories).toEqual([
      { path: "", state: "bundle", file: join(trip.runDirectory, "repositories/1.bundle") },
    ]);
    expect(existsSync(out(".git"))).toBe(false);
    expect(readdirSync(trip.out)).toEqual(["created"]);
  });

  it("is no repository any more where its directory has another name, and its commits are kept", async () => {
    makeRepository(inside("x"), "hidden");
    execFileSync("mv", [inside("x/.git"), inside("docs")]);
    gitIn(inside("docs"), "config", "core.fsmonitor", trap.script);
    gitIn(inside("docs"), "config", "core.bare", "false");
    gitIn(inside("docs"), "config", "core.worktree", "..");
    const back = await trip.collect({ workspace: null });
    lookAt(out("docs"));
    expect(existsSync(trap.sprung)).toBe(false);
    expect(existsSync(out("docs/HEAD"))).toBe(false);
    expect(back.files.skipped.map(({ path }) => path)).toEqual(["docs/HEAD"]);
    const [one] = back.files.repositories ?? [];
    expect(one).toMatchObject({ path: "docs", state: "bundle" });
    const clone = join(trip.base, "clone");
    gitIn(trip.base, "clone", "-q", one?.file ?? "", clone);
    expect(gitIn(trip.base, "ls-remote", one?.file ?? "")).toContain("refs/heads/trunk");
  });

  it("is not called restored where it has no commits and something else is in its place", async () => {
    gitIn(trip.sandbox.workspace, "init", "-q", "empty");
    mkdirSync(out("empty/.git"), { recursive: true });
    const back = await trip.collect({ workspace: null });
    expect(back.files.repositories).toBeUndefined();
    expect(trip.warnings).toEqual(["repository"]);
  });

  it("does not write over a .git that is in the output directory, and a second collection says the same", async () => {
    makeRepository(inside());
    await trip.collect({ workspace: null });
    const before = statSync(out(".git/HEAD")).ino;
    const back = await trip.collect({ workspace: null });
    expect(statSync(out(".git/HEAD")).ino).toBe(before);
    expect(back.files.repositories).toMatchObject([{ state: "bundle" }]);
  });
});

describe("a bare repository of the project's own", () => {
  beforeEach(async () => {
    trip.git("init", "-q");
    makeRepository(join(trip.base, "source"));
    gitIn(trip.base, "clone", "-q", "--bare", "--template=", "source", join(trip.project, "fixture.git"));
    trip.write({ "fixture.git/refs/keep": "" });
    trip.commitAll();
    await trip.upload();
  });

  it("comes back as it went in", async () => {
    const back = await trip.collect();
    expect(back.files.skipped).toEqual([]);
    expect(back.files.repositories).toBeUndefined();
    expect(readFileSync(out("fixture.git/HEAD"), "utf8")).toBe("ref: refs/heads/trunk\n");
  });

  it("lacks its HEAD when the agent has changed a setting", async () => {
    gitIn(inside("fixture.git"), "config", "core.fsmonitor", trap.script);
    const back = await trip.collect();
    expect(back.files.skipped.map(({ path }) => path)).toEqual(["fixture.git/HEAD"]);
    expect(back.deleted).toEqual([]);
  });
});

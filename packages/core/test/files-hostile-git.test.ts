import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply/apply-plan.ts";
import { planApply } from "../src/files/apply/plan-apply.ts";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";
import { setTraps } from "./git-traps.ts";

let trip: FileTrip;
let trap: string;
let sprung: string;

beforeEach(() => {
  trip = new FileTrip();
  sprung = join(trip.base, "sprung");
  trap = join(trip.base, "trap.sh");
  writeFileSync(trap, `#!/bin/sh\necho "$0 $@" >> ${sprung}\ncat\n`);
  chmodSync(trap, 0o755);
  trip.git("init", "-q");
});
afterEach(() => {
  trip.dispose();
});

describe("a hostile repository runs nothing on the host", () => {
  it("when it goes in, comes back and gets its result", async () => {
    trip.write({ a: "1\n", ".gitattributes": "* filter=trap diff=trap text=auto\n" });
    trip.commitAll();
    setTraps(trip.project, { script: trap, sprung });
    trip.write({ a: "2\n", b: "3\n" });
    await trip.upload();
    // The filter is not inside, so the file that passes it is left alone there.
    expect(trip.warnings).toEqual(["git-settings"]);
    expect(readdirSync(trip.sandbox.workspace).sort()).toEqual([".git", ".gitattributes", "a", "b"]);
    expect(existsSync(sprung)).toBe(false);

    setTraps(trip.sandbox.workspace, { script: trap, sprung });
    rmSync(join(trip.sandbox.workspace, ".git/config"));
    trip.gitInside("config", "core.repositoryformatversion", "0");
    rmSync(join(trip.sandbox.workspace, ".git/hooks"), { recursive: true });
    trip.writeInside({ a: "4\n", ".gitattributes": "* diff=trap\n", c: "5\n" });
    trip.gitInside("add", "c");
    trip.gitInside("commit", "-q", "-m", "by the agent");
    const back = await trip.collect();
    expect(back.files.patch).toBeDefined();
    expect(back.files.bundle).toBeDefined();
    expect(existsSync(sprung)).toBe(false);

    const plan = await planApply({
      result: trip.result(back.files),
      runDirectory: trip.runDirectory,
      target: trip.project,
    });
    const report = await applyPlan(plan);
    expect(report).toMatchObject({ written: [".gitattributes", "a", "c"], failed: [] });
    expect(report.commits.length).toBeGreaterThan(0);
    expect(existsSync(sprung)).toBe(false);
  });

  it("not even when its objects would have to be fetched", async () => {
    trip.write({ a: "1\n" });
    const head = trip.commitAll();
    const blob = trip.git("rev-parse", "HEAD:a");
    setTraps(trip.project, { script: trap, sprung });
    rmSync(join(trip.project, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    await trip.upload();
    expect(trip.warnings).toEqual(["git-settings"]);
    expect(trip.gitInside("rev-parse", "HEAD")).toBe(head);
    expect(trip.gitInside("status", "--porcelain")).toBe("");
    expect(existsSync(sprung)).toBe(false);
  });

  it("and the traps are real: a user's own git springs them", () => {
    trip.write({ a: "1\n" });
    trip.commitAll();
    setTraps(trip.project, { script: trap, sprung });
    trip.write({ a: "2\n" });
    try {
      gitIn(trip.project, "status");
    } catch {
      // Whatever came of it, the trap was sprung.
    }
    expect(readFileSync(sprung, "utf8")).toContain("trap.sh");
  });
});

describe("a hostile repository shows nothing of the host", () => {
  it("by an index that names files beyond a link", async () => {
    const secret = join(trip.base, "secret");
    writeFiles(secret, { key: "top secret" });
    trip.write({ "gate/key": "harmless" });
    trip.git("add", "-A");
    rmSync(join(trip.project, "gate"), { recursive: true });
    symlinkSync(secret, join(trip.project, "gate"));
    await trip.upload();
    expect(trip.git("ls-files")).toBe("gate/key");
    const sent = JSON.parse(readFileSync(join(trip.runDirectory, "baseline.json"), "utf8")).entries;
    expect(sent).toEqual([{ path: "gate", kind: "symlink", mode: "0777", target: secret }]);
  });

  it("by a work tree that lies elsewhere", async () => {
    const elsewhere = join(trip.base, "elsewhere");
    writeFiles(elsewhere, { key: "top secret" });
    trip.write({ mine: "m" });
    trip.git("config", "core.worktree", elsewhere);
    await trip.upload();
    expect(readdirSync(trip.sandbox.workspace)).toEqual(["mine"]);
  });

  it("and the environment of a git hook does not lead it astray", async () => {
    const other = join(trip.base, "other");
    writeFiles(other, { key: "top secret" });
    gitIn(other, "init", "-q");
    gitIn(other, "add", "-A");
    gitIn(other, "commit", "-q", "-m", "secret history");
    trip.write({ mine: "m" });
    process.env.GIT_DIR = join(other, ".git");
    process.env.GIT_INDEX_FILE = join(other, ".git/index");
    try {
      await trip.upload();
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
    expect(readdirSync(trip.sandbox.workspace).sort()).toEqual([".git", "mine"]);
    expect(trip.gitInside("rev-list", "--all")).toBe("");
    expect(trip.gitInside("ls-files")).toBe("");
  });
});

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply-plan.ts";
import { planApply } from "../src/files/plan-apply.ts";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

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

/** Everything in a repository's configuration that makes git run a program. */
function setTraps(folder: string): void {
  const gitDir = join(folder, ".git");
  for (const hook of readFileSync(join(import.meta.dirname, "git-hooks.txt"), "utf8")
    .trim()
    .split("\n")) {
    writeFiles(gitDir, { [`hooks/${hook}`]: readFileSync(trap) });
    chmodSync(join(gitDir, "hooks", hook), 0o755);
  }
  writeFiles(gitDir, { "info/attributes": "* filter=trap diff=trap merge=trap\n" });
  writeFileSync(
    join(gitDir, "config"),
    `[core]
	repositoryformatversion = 1
	fsmonitor = ${trap}
	hooksPath = ${join(gitDir, "hooks")}
	pager = ${trap}
	editor = ${trap}
	sshCommand = ${trap}
	askPass = ${trap}
	gitProxy = ${trap}
	alternateRefsCommand = ${trap}
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::${trap} %S
	promisor = true
	partialclonefilter = blob:none
	uploadpack = ${trap}
	vcs = trap
[credential]
	helper = !${trap}
[diff]
	external = ${trap}
[diff "trap"]
	command = ${trap}
	textconv = ${trap}
[filter "trap"]
	clean = ${trap}
	smudge = ${trap}
	process = ${trap}
	required = true
[merge "trap"]
	driver = ${trap}
[gpg]
	program = ${trap}
[commit]
	gpgSign = true
[log]
	showSignature = true
[alias]
	ls-files = !${trap}
	rev-parse = !${trap}
	bundle = !${trap}
[url "ext::${trap} "]
	insteadOf = /
[submodule]
	recurse = true
[pager]
	ls-files = ${trap}
	rev-parse = ${trap}
[uploadpack]
	packObjectsHook = ${trap}
[gc]
	auto = 1
[maintenance]
	auto = true
`,
  );
  const objects = join(trip.base, "other-objects");
  mkdirSync(objects, { recursive: true });
  writeFiles(gitDir, { "objects/info/alternates": `${objects}\n` });
}

describe("a hostile repository runs nothing on the host", () => {
  it("when it goes in, comes back and gets its result", async () => {
    trip.write({ a: "1\n", ".gitattributes": "* filter=trap diff=trap text=auto\n" });
    trip.commitAll();
    setTraps(trip.project);
    trip.write({ a: "2\n", b: "3\n" });
    await trip.upload();
    expect(trip.warnings).toEqual([]);
    expect(readdirSync(trip.sandbox.workspace).sort()).toEqual([".git", ".gitattributes", "a", "b"]);
    expect(existsSync(sprung)).toBe(false);

    setTraps(trip.sandbox.workspace);
    rmSync(join(trip.sandbox.workspace, ".git/config"));
    trip.gitInside("config", "core.repositoryformatversion", "0");
    rmSync(join(trip.sandbox.workspace, ".git/hooks"), { recursive: true });
    rmSync(join(trip.sandbox.workspace, ".git/objects/info/alternates"));
    trip.writeInside({ a: "4\n", ".gitattributes": "* diff=trap\n" });
    trip.gitInside("commit", "-q", "-a", "-m", "by the agent");
    const back = await trip.collect();
    expect(back.files.patch).toBeDefined();
    expect(back.files.bundle).toBeDefined();
    expect(existsSync(sprung)).toBe(false);

    const plan = await planApply({ result: trip.result(back.files), runDir: trip.runDir, target: trip.project });
    const report = await applyPlan(plan);
    expect(report).toMatchObject({ written: [".gitattributes", "a"], failed: [] });
    expect(report.commits.length).toBeGreaterThan(0);
    expect(existsSync(sprung)).toBe(false);
  });

  it("not even when its objects would have to be fetched", async () => {
    trip.write({ a: "1\n" });
    const head = trip.commitAll();
    const blob = trip.git("rev-parse", "HEAD:a");
    setTraps(trip.project);
    rmSync(join(trip.project, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    await trip.upload();
    expect(head).toMatch(/^[0-9a-f]{40}$/);
    expect(trip.warnings).toEqual(["git-history"]);
    expect(existsSync(join(trip.sandbox.workspace, ".git"))).toBe(false);
    expect(existsSync(sprung)).toBe(false);
  });

  it("and the traps are real: a person's own git springs them", () => {
    trip.write({ a: "1\n" });
    trip.commitAll();
    setTraps(trip.project);
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
    trip.write({ "door/key": "harmless" });
    trip.git("add", "-A");
    rmSync(join(trip.project, "door"), { recursive: true });
    symlinkSync(secret, join(trip.project, "door"));
    await trip.upload();
    expect(trip.git("ls-files")).toBe("door/key");
    const sent = JSON.parse(readFileSync(join(trip.runDir, "baseline.json"), "utf8")).entries;
    expect(sent).toEqual([{ path: "door", kind: "symlink", mode: "0777", target: secret }]);
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
    expect(readdirSync(trip.sandbox.workspace)).toEqual(["mine"]);
  });
});

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply/apply-plan.ts";
import { planApply } from "../src/files/apply/plan-apply.ts";
import type { ManifestEntry } from "../src/files/manifest.ts";
import { FileTrip, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(() => {
  trip = new FileTrip();
});
afterEach(() => trip.dispose());

const inside = (...path: string[]) => join(trip.sandbox.workspace, ...path);
const here = (...path: string[]) => join(trip.project, ...path);

async function plan(target = trip.project, back?: Awaited<ReturnType<FileTrip["collect"]>>) {
  const { files } = back ?? (await trip.collect());
  return planApply({ result: trip.result(files), runDirectory: trip.runDirectory, target });
}

/** Large enough that other work gets its turn while it is read. */
const large = Buffer.alloc(64 * 1024 * 1024, "x");
const changedMeanwhile = { path: "a", reason: "it changed here while the result was applied" };

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

function isOpen(path: string): boolean {
  const targets = readdirSync("/proc/self/fd").map((name) => {
    try {
      return readlinkSync(join("/proc/self/fd", name));
    } catch {
      return "";
    }
  });
  return targets.includes(path);
}

describe("bringing a result into the project", () => {
  it("removes what an apply that was killed has left, and nothing that merely looks like it", async () => {
    trip.write({ same: "s", "sub/edit": "1" });
    await trip.upload();
    trip.writeInside({ "sub/edit": "2" });
    const ended = spawnSync("true").pid;
    const tail = "0123456789abcdef";
    const stays = [`sub/.glovebox-${process.pid}-${tail}`, "sub/.glovebox-1", `sub/.glovebox-${ended}-${tail}.txt`];
    trip.write(Object.fromEntries([`sub/.glovebox-${ended}-${tail}`, ...stays].map((path) => [path, "half"])));
    expect((await applyPlan(await plan())).written).toEqual(["sub/edit"]);
    const found = readdirSync(here("sub")).filter((name) => name.startsWith(".glovebox"));
    expect(found.map((name) => `sub/${name}`).sort()).toEqual(stays.sort());
    expect(readFileSync(here("sub/edit"), "utf8")).toBe("2");
  });

  it("writes and deletes what the run changed, once", async () => {
    trip.write({ same: "s", edit: "1", gone: "g", "was-file": "f", "was-directory/x": "x", script: "#!" });
    await trip.upload();
    for (const path of ["gone", "was-file", "was-directory"]) rmSync(inside(path), { recursive: true });
    trip.writeInside({ edit: "2", "new/deep/file": "n", "was-file/now": "directory", "was-directory": "file" });
    chmodSync(inside("script"), 0o755);
    symlinkSync("new/deep", inside("link"));
    mkdirSync(inside("empty"));
    const back = await trip.collect();
    const first = await plan(undefined, back);
    expect(first).toMatchObject({ conflicts: [], refused: [], target: trip.project });
    expect(existsSync(here("new"))).toBe(false);
    const report = await applyPlan(first);
    expect(report).toMatchObject({ failed: [], conflicts: [], refused: [], commits: [] });
    expect(report.deleted.toSorted()).toEqual(["gone", "was-directory/x"]);
    expect(readFileSync(here("edit"), "utf8")).toBe("2");
    expect(readFileSync(here("new/deep/file"), "utf8")).toBe("n");
    expect(readFileSync(here("was-file/now"), "utf8")).toBe("directory");
    expect(readFileSync(here("was-directory"), "utf8")).toBe("file");
    expect(statSync(here("script")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(here("link"))).toBe("new/deep");
    expect(statSync(here("empty")).isDirectory()).toBe(true);
    expect(readdirSync(trip.project, { recursive: true }).filter((name) => String(name).includes("glovebox"))).toEqual(
      [],
    );

    const second = await plan(undefined, back);
    expect(second).toMatchObject({ writes: [], deletes: [], conflicts: [] });
    expect(await applyPlan(first)).toMatchObject({ written: [], deleted: [], failed: [], conflicts: [] });
  });

  it("leaves alone what changed meanwhile, unless forced", async () => {
    trip.write({ edited: "1", deleted: "1", removed: "1", agreed: "1", fine: "1" });
    await trip.upload();
    trip.writeInside({ edited: "agent", deleted: "agent", agreed: "same", fine: "2", appeared: "agent" });
    rmSync(inside("removed"));
    const back = await trip.collect();
    trip.write({ edited: "host", removed: "host", agreed: "same", appeared: "host" });
    rmSync(here("deleted"));
    const created = await plan(undefined, back);
    expect(created.conflicts.map(({ entry }) => entry.path)).toEqual(["appeared", "deleted", "edited", "removed"]);
    expect(created.writes.map((entry) => entry.path)).toEqual(["fine"]);
    expect(created.already).toBe(1);
    const report = await applyPlan(created);
    expect(report.written).toEqual(["fine"]);
    expect(report.conflicts).toHaveLength(4);
    expect(readFileSync(here("edited"), "utf8")).toBe("host");
    const forced = await applyPlan(await plan(undefined, back), { force: true });
    expect(forced).toMatchObject({ conflicts: [], failed: [] });
    expect(readFileSync(here("edited"), "utf8")).toBe("agent");
    expect(existsSync(here("removed"))).toBe(false);
  });

  it("sees a change between the plan and its doing", async () => {
    trip.write({ a: "1" });
    await trip.upload();
    trip.writeInside({ a: "2" });
    const created = await plan();
    trip.write({ a: "late" });
    expect(await applyPlan(created)).toMatchObject({ written: [], conflicts: [{ path: "a" }] });
    expect(readFileSync(here("a"), "utf8")).toBe("late");
  });

  it("sees a change that comes while a large file is copied, and leaves nothing beside it", async () => {
    trip.write({ a: "1" });
    await trip.upload();
    trip.writeInside({ a: large });
    const report = applyPlan(await plan());
    await until(() => readdirSync(here()).some((name) => name.startsWith(".glovebox-")));
    writeFileSync(here("a"), "mine");
    expect((await report).conflicts).toEqual([changedMeanwhile]);
    expect(readFileSync(here("a"), "utf8")).toBe("mine");
    expect(readdirSync(here())).toEqual(["a"]);
  });

  it.runIf(existsSync("/proc/self/fd"))("sees a change that comes while a large file is compared", async () => {
    trip.write({ "d/a": large, b: "b" });
    trip.write({ "../other/a": "mine" });
    await trip.upload();
    rmSync(inside("d"), { recursive: true });
    const report = applyPlan(await plan());
    // Before it is compared again, a copy of it is kept.
    await until(() => existsSync(join(trip.runDirectory, "applied", "1", "apply.json")));
    await until(() => isOpen(here("d/a")));
    renameSync(here("d"), here("e"));
    symlinkSync("../other", here("d"));
    expect((await report).conflicts).toEqual([{ ...changedMeanwhile, path: "d/a" }]);
    expect(readFileSync(here("d/a"), "utf8")).toBe("mine");
  });

  it("names what the host would execute", async () => {
    await trip.upload();
    trip.writeInside({ ".envrc": "export X=1", plain: "p", ".claude/settings.json": "{}" });
    expect((await plan()).executable).toEqual([".envrc", ".claude/settings.json"]);
  });

  it("works for another directory, and without a project at all", async () => {
    trip.writeInside({ a: "a" });
    const back = await trip.collect({ workspace: null });
    const other = join(trip.base, "other");
    mkdirSync(other);
    expect((await applyPlan(await plan(other, back))).written).toEqual(["a"]);
    expect(readFileSync(join(other, "a"), "utf8")).toBe("a");
    await expect(plan(join(trip.base, "nowhere"), back)).rejects.toMatchObject({ code: "invalid-options" });
    await expect(plan("/", back)).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("does not write a collected file that changed after it was collected", async () => {
    await trip.upload();
    trip.writeInside({ a: "honest" });
    const back = await trip.collect();
    writeFileSync(join(trip.out, "a"), "forged");
    const report = await applyPlan(await plan(undefined, back));
    expect(report).toMatchObject({ written: [], failed: [{ path: "a" }] });
    expect(readdirSync(trip.project)).toEqual([]);
  });
});

describe("what a forged result cannot do", () => {
  const sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  const file = (path: string): ManifestEntry => ({
    path,
    kind: "file",
    mode: "0644",
    size: 1,
    sha256,
    change: "created",
  });
  const link = (path: string, target: string): ManifestEntry => ({
    path,
    kind: "symlink",
    mode: "0777",
    target,
    change: "created",
  });

  it("write into the repository of another version control system that is there", async () => {
    writeFiles(trip.out, { ".hg/store/data": "x", "sub/.svn/wc.db": "x" });
    mkdirSync(here(".hg"));
    mkdirSync(here("sub/.SVN"), { recursive: true });
    const manifest = [file(".hg/store/data"), file("sub/.SVN/wc.db")];
    const files = { directory: trip.out, complete: true, manifest, skipped: [], executable: [], bytes: 0 };
    const created = await planApply({
      result: trip.result(files),
      runDirectory: trip.runDirectory,
      target: trip.project,
    });
    expect(created.refused).toEqual([
      { path: ".hg/store/data", reason: ".hg is there already, and is not written into" },
      { path: "sub/.SVN/wc.db", reason: "sub/.SVN is there already, and is not written into" },
    ]);
    expect(readdirSync(here(".hg"))).toEqual([]);
  });

  it("write below .git, through a link, out of the directory, or make a link out of it", async () => {
    const outside = join(trip.base, "outside");
    mkdirSync(outside);
    symlinkSync(outside, here("gate"));
    writeFiles(trip.out, { x: "x" });
    const manifest = [
      file(".git/hooks/post-checkout"),
      file("sub/.GIT/config"),
      file(".g\u200dit/config"),
      file("../outside/x"),
      file("/tmp/x"),
      file("gate/x"),
      link("l1", "../outside"),
      link("l2", "/etc"),
      link("l3", "gate/x"),
      { ...file("../outside"), change: "deleted" as const },
    ];
    const files = { directory: trip.out, complete: true, manifest, skipped: [], executable: [], bytes: 0 };
    const created = await planApply({
      result: trip.result(files),
      runDirectory: trip.runDirectory,
      target: trip.project,
    });
    expect(created).toMatchObject({ writes: [], deletes: [], conflicts: [] });
    expect(created.refused.map((one) => one.path)).toEqual(manifest.map((entry) => entry.path));
    const forged = { ...created, writes: manifest, refused: [] };
    expect(await applyPlan(forged, { force: true })).toMatchObject({ written: [], deleted: [] });
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(trip.project)).toEqual(["gate"]);
    expect(lstatSync(here("gate")).isSymbolicLink()).toBe(true);
  });
});

describe("what git takes for a repository", () => {
  const sha256 = createHash("sha256").update("x").digest("hex");
  const file = (path: string): ManifestEntry => ({
    path,
    kind: "file",
    mode: "0644",
    size: 1,
    sha256,
    change: "created",
  });
  const refusedOf = async (manifest: readonly ManifestEntry[]) => {
    writeFiles(trip.out, Object.fromEntries(manifest.map(({ path }) => [path, "x"])));
    const files = {
      directory: trip.out,
      complete: true,
      manifest: [...manifest],
      skipped: [],
      executable: [],
      bytes: 0,
    };
    const created = await planApply({
      result: trip.result(files),
      runDirectory: trip.runDirectory,
      target: trip.project,
    });
    await applyPlan(created, { force: true });
    return created.refused.map(({ path }) => path);
  };

  it("is not made by a result, also not together with what is here", async () => {
    expect(await refusedOf([file("a/HEAD"), file("a/objects/x"), file("a/refs/x"), file("a/config")])).toEqual([
      "a/HEAD",
      "a/objects/x",
      "a/refs/x",
    ]);
    expect(existsSync(here("a/HEAD"))).toBe(false);
    trip.write({ "b/objects/x": "", "b/refs/x": "", "b/config": "[core]", "c/HEAD": "ref: refs/heads/x\n" });
    expect(await refusedOf([file("b/HEAD"), file("c/commondir"), file("c/other"), file("d/HEAD")])).toEqual([
      "b/HEAD",
      "c/commondir",
    ]);
  });

  it("keeps its settings and hooks when it is the project's own", async () => {
    trip.write({ "f.git/HEAD": "ref: refs/heads/x\n", "f.git/objects/x": "", "f.git/refs/x": "" });
    const changed = ["config", "hooks/post-checkout", "info/attributes", "objects/info/alternates", "commondir"];
    expect(await refusedOf([...changed, "refs/heads/y"].map((name) => file(`f.git/${name}`)))).toEqual(
      changed.map((name) => `f.git/${name}`),
    );
  });

  it("of another system gets no settings", async () => {
    expect(await refusedOf([file(".hg/hgrc"), file(".hg/store/x"), file("x/.jj/repo/config.toml")])).toEqual([
      ".hg/hgrc",
      "x/.jj/repo/config.toml",
    ]);
  });
});

describe("the agent's commits", () => {
  beforeEach(async () => {
    trip.git("init", "-q", "-b", "main");
    trip.write({ a: "1" });
    trip.commitAll();
    await trip.upload();
  });

  it("are put beside the branches and never checked out, once", async () => {
    trip.gitInside("checkout", "-q", "-b", "topic");
    trip.writeInside({ a: "2" });
    trip.gitInside("commit", "-q", "-a", "-m", "by the agent");
    const commit = trip.gitInside("rev-parse", "HEAD");
    const before = trip.git("rev-parse", "HEAD");
    const back = await trip.collect();
    const report = await applyPlan(await plan(undefined, back));
    expect(report.commits).toEqual([
      { ref: "refs/glovebox/run-1/HEAD", commit },
      { ref: "refs/glovebox/run-1/heads/topic", commit },
    ]);
    expect(trip.git("log", "-1", "--format=%s", "refs/glovebox/run-1/HEAD")).toBe("by the agent");
    expect(trip.git("symbolic-ref", "HEAD")).toBe("refs/heads/main");
    expect(trip.git("rev-parse", "HEAD")).toBe(before);
    expect(trip.git("branch", "--format=%(refname:short)")).toBe("main");
    expect((await applyPlan(await plan(undefined, back))).commits).toEqual(report.commits);
  });

  it("are refused when an object is one that git's own check refuses", async () => {
    trip.writeInside({ ".git/evil": "" });
    const blob = trip.gitInside("hash-object", "-w", "--stdin", "--literally", "-t", "blob");
    const hex = Buffer.from(blob, "hex");
    writeFileSync(inside("..", "tree"), Buffer.concat([Buffer.from("100644 .git\0"), hex]));
    const tree = trip.gitInside("hash-object", "-w", "-t", "tree", "--literally", inside("..", "tree"));
    const commit = trip.gitInside("commit-tree", "-p", "HEAD", "-m", "evil", tree);
    trip.gitInside("update-ref", "refs/heads/main", commit);
    const back = await trip.collect();
    expect(back.files.bundle).toBeDefined();
    const report = await applyPlan(await plan(undefined, back));
    expect(report.commits).toEqual([]);
    expect(report.failed[0]?.reason).toContain("git refused");
    expect(trip.git("for-each-ref", "refs/glovebox")).toBe("");
  });

  it("are distinguished from a repository that lacks what they build on", async () => {
    trip.writeInside({ a: "2" });
    trip.gitInside("commit", "-q", "-a", "-m", "by the agent");
    const back = await trip.collect();
    const other = join(trip.base, "other");
    cpSync(trip.project, other, { recursive: true });
    rmSync(join(other, ".git"), { recursive: true });
    const fresh = new FileTrip();
    try {
      fresh.git("init", "-q");
      const report = await applyPlan(await plan(fresh.project, back));
      expect(report.failed[0]?.reason).toContain("not in this repository");
      expect((await plan(other, back)).bundle).toBeUndefined();
    } finally {
      fresh.dispose();
    }
  });
});

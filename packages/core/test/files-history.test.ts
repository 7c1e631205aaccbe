import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply/apply-plan.ts";
import { planApply } from "../src/files/apply/plan-apply.ts";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
let origin: string;
beforeEach(() => {
  trip = new FileTrip();
  origin = join(trip.base, "origin");
});
afterEach(() => trip.dispose());

const inside = (...args: string[]) => trip.gitInside(...args);
const here = (...args: string[]) => trip.git(...args);

function commit(directory: string, content: string): void {
  writeFiles(directory, { a: content, [`sub/${content}`]: content });
  gitIn(directory, "add", "-A");
  gitIn(directory, "commit", "-q", "-m", content);
}

/** A repository with three commits on main, tags, and a branch that nobody has merged; and a clone on a topic. */
function makeClone(...options: string[]): void {
  mkdirSync(origin);
  gitIn(origin, "init", "-q", "-b", "main", ...options.filter((one) => one.startsWith("--object-format")));
  gitIn(origin, "config", "uploadpack.allowFilter", "true");
  for (const content of ["1", "2", "3"]) commit(origin, content);
  gitIn(origin, "tag", "-a", "-m", "one", "v1", "HEAD^");
  gitIn(origin, "tag", "light", "HEAD^^");
  gitIn(origin, "checkout", "-q", "-b", "side", "HEAD^");
  commit(origin, "side");
  gitIn(origin, "tag", "side-tag");
  gitIn(origin, "checkout", "-q", "main");
  rmSync(trip.project, { recursive: true });
  const clone = options.filter((one) => !one.startsWith("--object-format"));
  gitIn(trip.base, "clone", "-q", ...clone, `file://${origin}`, trip.project);
  here("checkout", "-q", "-b", "topic", "HEAD^");
  commit(trip.project, "topic");
}

const refsInside = () => inside("for-each-ref", "--format=%(refname)").split("\n");

async function bringBack(): Promise<readonly { ref: string; commit: string }[]> {
  const { files } = await trip.collect();
  const plan = await planApply({ result: trip.result(files), runDirectory: trip.runDirectory, target: trip.project });
  const report = await applyPlan(plan);
  expect(report.failed).toEqual([]);
  return report.commits;
}

describe("the history that goes in", () => {
  it("has the default branch and the tags on the way, so that diff and describe answer as on the host", async () => {
    makeClone();
    await trip.upload();
    expect(trip.warnings).toEqual([]);
    for (const question of [
      ["diff", "--stat", "main...HEAD"],
      ["diff", "--stat", "origin/main...HEAD"],
      ["describe"],
      ["describe", "--tags", "main~2"],
      ["rev-parse", "origin/HEAD"],
      ["merge-base", "main", "HEAD"],
    ]) {
      expect(inside(...question)).toBe(here(...question));
    }
    expect(refsInside()).toEqual([
      "refs/heads/main",
      "refs/heads/topic",
      "refs/remotes/origin/HEAD",
      "refs/remotes/origin/main",
      "refs/tags/light",
      "refs/tags/v1",
    ]);
    expect(inside("fsck", "--strict")).toBe("");
    expect((await trip.collect()).files.bundle).toBeUndefined();
  });

  it("is as much as is asked for", async () => {
    makeClone();
    await trip.upload(trip.project, "branch");
    expect(refsInside()).toEqual(["refs/heads/topic"]);
    rmSync(join(trip.sandbox.workspace, ".git"), { recursive: true });
    await trip.upload(trip.project, "all");
    expect(refsInside()).toEqual(here("for-each-ref", "--format=%(refname)").split("\n"));
    expect(inside("log", "-1", "--format=%s", "origin/side")).toBe("side");
    rmSync(join(trip.sandbox.workspace, ".git"), { recursive: true });
    await trip.upload(trip.project, "none");
    expect(existsSync(join(trip.sandbox.workspace, ".git"))).toBe(false);
    expect(trip.warnings).toEqual([]);
  });

  it("is the last commit alone where the clone lacks the trees of the others", async () => {
    makeClone("--filter=tree:0");
    await trip.upload();
    expect(trip.warnings).toEqual(["git-history"]);
    expect(inside("log", "--format=%s")).toBe("topic");
    expect(inside("status", "--porcelain")).toBe("");
    trip.writeInside({ a: "by the agent" });
    inside("commit", "-q", "-a", "-m", "by the agent");
    await bringBack();
    expect(here("show", "refs/glovebox/run-1/HEAD:a")).toBe("by the agent");
  });

  it.each([
    ["without blobs", ["--filter=blob:none"]],
    ["shallow", ["--depth=2", "--no-single-branch"]],
    ["with SHA-256", ["--object-format=sha256"]],
    ["of one branch", ["--single-branch"]],
  ])("goes in and comes back from a clone %s", async (_, options) => {
    makeClone(...options);
    await trip.upload();
    expect(trip.warnings).toEqual([]);
    expect(inside("log", "--format=%s")).toBe(here("log", "--format=%s"));
    expect(inside("status", "--porcelain")).toBe("");
    trip.writeInside({ a: "by the agent" });
    inside("commit", "-q", "-a", "-m", "by the agent");
    const commits = await bringBack();
    expect(commits.map(({ ref }) => ref)).toEqual(["refs/glovebox/run-1/HEAD", "refs/glovebox/run-1/heads/topic"]);
    expect(here("show", "refs/glovebox/run-1/HEAD:a")).toBe("by the agent");
  });

  it("may be none yet: the branch, the index and an identity are there, and first commits come back", async () => {
    here("init", "-q", "-b", "trunk");
    trip.write({ a: "1", b: "2" });
    here("add", "a");
    await trip.upload();
    expect(inside("status", "--porcelain")).toBe(here("status", "--porcelain"));
    expect(inside("symbolic-ref", "HEAD")).toBe("refs/heads/trunk");
    inside("commit", "-q", "-m", "first");
    const [head] = await bringBack();
    expect(here("log", "--format=%s", head?.ref ?? "")).toBe("first");
  });

  it("of a worktree is its own branch's", async () => {
    makeClone();
    const tree = join(trip.base, "tree");
    here("worktree", "add", "-q", "-b", "elsewhere", tree);
    await trip.upload(tree);
    expect(trip.warnings).toEqual([]);
    expect(inside("symbolic-ref", "HEAD")).toBe("refs/heads/elsewhere");
    expect(inside("status", "--porcelain")).toBe("");
  });

  it("leaves an identity where there is no repository", async () => {
    trip.write({ a: "1" });
    await trip.upload();
    expect(readdirSync(trip.sandbox.workspace)).toEqual(["a"]);
    const own = (...args: string[]) =>
      trip.sandbox.spawn(["git", ...args]).then(({ exit }) => exit.then(({ exitCode }) => exitCode));
    expect(await own("init", "-q")).toBe(0);
    expect(await own("add", "-A")).toBe(0);
    expect(await own("commit", "-q", "-m", "first")).toBe(0);
    const back = await trip.collect();
    expect(back.files.repositories).toEqual([{ path: "", state: "restored" }]);
    expect(gitIn(trip.out, "log", "--format=%s")).toBe("first");
  });
});

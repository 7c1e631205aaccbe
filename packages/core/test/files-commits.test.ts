import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply/apply-plan.ts";
import { planApply } from "../src/files/apply/plan-apply.ts";
import { FileTrip, gitIn } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(async () => {
  trip = new FileTrip();
  trip.git("init", "-q", "-b", "main");
  trip.write({ a: "1\n", b: "1\n" });
  trip.commitAll();
  await trip.upload();
});
afterEach(() => trip.dispose());

const inside = (...args: string[]) => trip.gitInside(...args);

function commitInside(content: string): string {
  trip.writeInside({ a: content });
  inside("commit", "-q", "-a", "-m", content);
  return inside("rev-parse", "HEAD");
}

/** What a run's end brings into the project: the references by name. */
async function broughtRefs(): Promise<Record<string, string>> {
  const { files } = await trip.collect();
  expect(trip.warnings).toEqual([]);
  expect(files.refs?.length).toBeGreaterThan(0);
  const plan = await planApply({ result: trip.result(files), runDirectory: trip.runDirectory, target: trip.project });
  const report = await applyPlan(plan);
  expect(report.failed).toEqual([]);
  return Object.fromEntries(report.commits.map(({ ref, commit }) => [ref.replace("refs/glovebox/run-1/", ""), commit]));
}

const show = (what: string) => trip.git("show", what);

describe("work that the agent did in git comes back", () => {
  it("when it is stashed, every time", async () => {
    for (const content of ["first", "second", "third"]) {
      trip.writeInside({ a: content, [`new-${content}`]: "untracked" });
      inside("stash", "push", "-q", "--include-untracked");
    }
    const refs = await broughtRefs();
    expect(Object.keys(refs)).toEqual(["stash/0", "stash/1", "stash/2"]);
    expect(show(`${refs["stash/0"]}:a`)).toBe("third");
    expect(show(`${refs["stash/2"]}:a`)).toBe("first");
    expect(show(`${refs["stash/2"]}^3:new-first`)).toBe("untracked");
  });

  it("when only a tag, a note or a reference of no room holds it", async () => {
    const commit = commitInside("tagged");
    inside("tag", "light");
    inside("tag", "-a", "-m", "annotated", "heavy");
    inside("notes", "add", "-m", "a note", "HEAD");
    inside("update-ref", "refs/odd/one", commit);
    inside("reset", "-q", "--hard", "HEAD^");
    const refs = await broughtRefs();
    expect(refs).toMatchObject({ "tags/light": commit, "refs/odd/one": commit });
    expect(trip.git("cat-file", "-t", refs["tags/heavy"] ?? "")).toBe("tag");
    expect(show(`${refs["notes/commits"]}:${commit}`)).toBe("a note");
  });

  it.each(["a\u00a0b", "\ufeffa\u2028b", "-a", '"a"', "%(refname)", "a\u202eb"])(
    "on a branch called %j",
    async (name) => {
      inside("symbolic-ref", "HEAD", `refs/heads/${name}`);
      const commit = commitInside("named");
      expect(await broughtRefs()).toEqual({ HEAD: commit, [`heads/${name}`]: commit });
    },
  );

  it("on branches whose names are no UTF-8, or are longer together than a megabyte", async () => {
    const commit = commitInside("named");
    const long = Array.from({ length: 700 }, (_, index) => `refs/heads/${`${"n".repeat(240)}/`.repeat(6)}${index}`);
    const names = ["refs/heads/\xe9", "refs/heads/\xe8", ...long].map((name) => `${commit} ${name}\n`);
    const packed = join(trip.sandbox.workspace, ".git/packed-refs");
    appendFileSync(packed, Buffer.from(names.join(""), "latin1"));
    const refs = await broughtRefs();
    expect(Object.keys(refs)).toHaveLength(704);
    expect(refs).toMatchObject({ "heads/%E8": commit, "heads/%E9": commit });
  });

  it("when no branch is checked out, and on a branch that is not", async () => {
    inside("checkout", "-q", "-b", "side");
    const side = commitInside("side");
    inside("checkout", "-q", "--detach", "main");
    const detached = commitInside("detached");
    expect(await broughtRefs()).toEqual({ HEAD: detached, "heads/side": side });
  });

  it("when only the reflog knows it", async () => {
    const first = commitInside("first");
    const second = commitInside("second");
    inside("reset", "-q", "--hard", "HEAD^^");
    const amended = commitInside("other");
    trip.writeInside({ a: "amended" });
    inside("commit", "-q", "-a", "--amend", "-m", "amended");
    const refs = await broughtRefs();
    expect(refs).toMatchObject({ ORIG_HEAD: second, "reflog/0": amended });
    expect(trip.git("merge-base", "--is-ancestor", first, second)).toBe("");
  });

  it("when it is in another worktree, whose head nothing else names", async () => {
    const tree = join(trip.sandbox.root, "tree");
    inside("worktree", "add", "-q", "--detach", tree);
    gitIn(tree, "commit", "-q", "--allow-empty", "-m", "elsewhere");
    const commit = gitIn(tree, "rev-parse", "HEAD");
    expect(await broughtRefs()).toEqual({ "worktrees/0": commit });
  });

  it("when it is staged and the file has changed since", async () => {
    trip.writeInside({ a: "staged", new: "staged too" });
    inside("add", "-A");
    trip.writeInside({ a: "changed after" });
    rmSync(join(trip.sandbox.workspace, "new"));
    const refs = await broughtRefs();
    expect(Object.keys(refs)).toEqual(["staged"]);
    expect(show(`${refs.staged}:a`)).toBe("staged");
    expect(show(`${refs.staged}:new`)).toBe("staged too");
  });

  it("when a rebase with a stash of its own is half done, and its locks are left", async () => {
    inside("checkout", "-q", "-b", "topic");
    const topic = commitInside("topic");
    inside("checkout", "-q", "main");
    const main = commitInside("conflict");
    inside("checkout", "-q", "topic");
    trip.writeInside({ b: "autostashed\n" });
    expect(() => inside("rebase", "--autostash", "main")).toThrow();
    trip.writeInside({ ".git/index.lock": "", ".git/HEAD.lock": "" });
    const refs = await broughtRefs();
    expect(refs).toMatchObject({ "heads/topic": topic, "heads/main": main });
    expect(show(`${refs["rebase-merge-autostash"]}:b`)).toBe("autostashed");
  });

  it("when the agent made the repository again", async () => {
    rmSync(join(trip.sandbox.workspace, ".git"), { recursive: true });
    inside("init", "-q", "-b", "fresh");
    inside("add", "-A");
    inside("commit", "-q", "-m", "again");
    const commit = inside("rev-parse", "HEAD");
    expect(await broughtRefs()).toEqual({ HEAD: commit, "heads/fresh": commit });
    expect(trip.git("log", "--format=%s", commit)).toBe("again");
  });

  it("and nothing does when there is none, also when the index was written again", async () => {
    trip.writeInside({ a: "2\n" });
    inside("add", "-A");
    inside("branch", "same");
    expect((await trip.collect()).files.bundle).toBeUndefined();
    expect(trip.warnings).toEqual([]);
  });

  it("as an archive where git cannot read it", async () => {
    commitInside("lost");
    rmSync(join(trip.sandbox.workspace, ".git/HEAD"));
    const { files } = await trip.collect();
    expect(trip.warnings).toEqual(["commits"]);
    const file = join(trip.runDirectory, "commits.tar");
    expect(files.repositories).toEqual([{ path: "", state: "archive", file }]);
    expect(execFileSync("tar", ["-t", "-f", file]).toString()).toContain("./objects/");
  });

  it("and is not missed where the agent removed the repository", async () => {
    rmSync(join(trip.sandbox.workspace, ".git"), { recursive: true });
    expect((await trip.collect()).files.bundle).toBeUndefined();
    expect(trip.warnings).toEqual([]);
  });
});

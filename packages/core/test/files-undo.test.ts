import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply/apply-plan.ts";
import { planApply } from "../src/files/apply/plan-apply.ts";
import { lastApplied, planUndo, undoApply } from "../src/files/apply/undo-apply.ts";
import { PathSelection } from "../src/files/paths/path-selection.ts";
import { FileTrip } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(() => {
  trip = new FileTrip();
});
afterEach(() => trip.dispose());

const inside = (...path: string[]) => join(trip.sandbox.workspace, ...path);
const here = (...path: string[]) => join(trip.project, ...path);

async function plan(only: readonly string[] = []) {
  const { files } = await trip.collect();
  const selection = new PathSelection({ only });
  return planApply({ result: trip.result(files), runDirectory: trip.runDirectory, target: trip.project, selection });
}

/** Everything below the project: its kind, its mode, its content. */
function picture(directory = trip.project, prefix = ""): Record<string, string> {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => name !== ".git");
  return Object.assign(
    {},
    ...entries.map((entry) => {
      const path = join(directory, entry.name);
      const name = `${prefix}${entry.name}`;
      if (entry.isSymbolicLink()) return { [name]: `-> ${readlinkSync(path)}` };
      const mode = (lstatSync(path).mode & 0o777).toString(8);
      if (entry.isDirectory()) return { [name]: mode, ...picture(path, `${name}/`) };
      return { [name]: `${mode} ${readFileSync(path, "utf8")}` };
    }),
  );
}

/** A project, and a run that changes each of its files in another way. */
async function everyChange(): Promise<void> {
  trip.write({ same: "s", edit: "1", gone: "g", "was-file": "f", "was-directory/x": "x", script: "#!" });
  symlinkSync("same", here("link"));
  chmodSync(here("edit"), 0o664);
  await trip.upload();
  for (const path of ["gone", "was-file", "was-directory", "link"]) rmSync(inside(path), { recursive: true });
  trip.writeInside({ edit: "2", "new/deep/file": "n", "was-file/now": "directory", "was-directory": "file" });
  chmodSync(inside("script"), 0o755);
  symlinkSync("edit", inside("link"));
  mkdirSync(inside("empty"));
}

describe("an apply that is undone", () => {
  it("leaves the project as it was before, whatever kind of change it was, and once", async () => {
    await everyChange();
    const before = picture();
    await applyPlan(await plan());
    const after = picture();
    expect(after).not.toEqual(before);
    expect(lastApplied(trip.runDirectory)).toBeInstanceOf(Date);
    expect((await undoApply(trip)).failed).toEqual([]);
    expect(picture()).toEqual(before);
    await expect(undoApply(trip)).rejects.toMatchObject({ code: "invalid-options" });
    expect(readdirSync(join(trip.runDirectory, "applied"))).toEqual([]);
    await applyPlan(await plan());
    expect(picture()).toEqual(after);
  });

  it("is refused whole by the name of what changed since", async () => {
    await everyChange();
    await applyPlan(await plan());
    trip.write({ edit: "mine" });
    rmSync(here("new/deep/file"));
    const after = picture();
    const { conflicts } = await planUndo(trip);
    // What is gone already need not be removed.
    expect(conflicts).toEqual([{ path: "edit", reason: "it changed here since it was applied" }]);
    await expect(undoApply(trip)).rejects.toMatchObject({ code: "invalid-options" });
    expect(picture()).toEqual(after);
  });

  it("keeps a directory that holds something else", async () => {
    trip.write({ a: "1" });
    await trip.upload();
    trip.writeInside({ "new/file": "n" });
    await applyPlan(await plan());
    trip.write({ "new/mine": "m" });
    expect((await undoApply(trip)).removed).toEqual(["new/file"]);
    expect(Object.keys(picture())).toEqual(["a", "new", "new/mine"]);
  });

  it("may have been killed at any step, and so may the undoing", async () => {
    await everyChange();
    const before = picture();
    const whole = await plan();
    // Only some of what is recorded was written: as when the process was killed on the way.
    const some = new Set(["edit", "new/deep/file", "was-file", "link"]);
    const { source } = whole;
    for (const { path } of whole.writes)
      if (!some.has(path)) rmSync(join(source, path), { recursive: true, force: true });
    const report = await applyPlan(whole);
    expect(report.failed.length).toBeGreaterThan(0);
    // Some of it is back by somebody's hand: as when undoing it was killed.
    trip.write({ gone: "g" });
    expect((await undoApply(trip)).failed).toEqual([]);
    expect(picture()).toEqual(before);
  });

  it("was forced: what it wrote over comes back", async () => {
    trip.write({ a: "1" });
    await trip.upload();
    trip.writeInside({ a: "2" });
    trip.write({ a: "mine" });
    await applyPlan(await plan(), { force: true });
    expect(readFileSync(here("a"), "utf8")).toBe("2");
    await undoApply(trip);
    expect(readFileSync(here("a"), "utf8")).toBe("mine");
  });

  it("brought commits: their references go, and the branches stay", async () => {
    trip.git("init", "-q", "-b", "main");
    trip.write({ a: "1" });
    const head = trip.commitAll();
    await trip.upload();
    trip.writeInside({ a: "2" });
    trip.gitInside("commit", "-q", "-a", "-m", "by the agent");
    expect((await applyPlan(await plan())).commits).toHaveLength(2);
    const { refs } = await planUndo(trip);
    expect(refs).toHaveLength(2);
    await undoApply(trip);
    expect(trip.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    expect(trip.git("rev-parse", "HEAD")).toBe(head);
  });
});

it("an apply of some files writes these and no commits, and the rest can follow", async () => {
  trip.git("init", "-q", "-b", "main");
  trip.write({ a: "1", "sub/b": "1" });
  trip.commitAll();
  await trip.upload();
  trip.writeInside({ a: "2", "sub/b": "2", "sub/new": "n" });
  trip.gitInside("add", "-A");
  trip.gitInside("commit", "-q", "-m", "by the agent");
  const report = await applyPlan(await plan(["sub"]));
  expect(report).toMatchObject({ written: ["sub/b", "sub/new"], deleted: [], commits: [] });
  expect(readFileSync(here("a"), "utf8")).toBe("1");
  expect((await applyPlan(await plan())).written).toEqual(["a"]);
  await undoApply(trip);
  await undoApply(trip);
  expect(picture()).toMatchObject({ a: "644 1", "sub/b": "644 1" });
  expect(trip.git("status", "--porcelain")).toBe("");
});

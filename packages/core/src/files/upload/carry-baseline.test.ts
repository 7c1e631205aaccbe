import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readBaseline, writeBaseline } from "../baseline/baseline.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import type { ManifestEntry } from "../manifest.ts";
import { carryBaseline } from "./carry-baseline.ts";
import { keepFiles } from "./keep-files.ts";

let root: string;
let manifest: ManifestEntry[];

const at = (path: string) => join(root, path);
const put = (path: string, content = "before") => writeFileSync(at(`project/${path}`), content, { mode: 0o644 });

/** What an upload would remember of these files now. */
async function entriesOf(...paths: string[]): Promise<readonly ExtractedEntry[]> {
  const options = { workspace: at("project"), runDirectory: at("scratch") };
  const { entries } = await keepFiles(options, paths, async (archive) => {
    for await (const piece of archive) expect(piece).toBeDefined();
  });
  return entries;
}

// A run changed one file, created one and deleted one; its project is as before it.
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-carry-")));
  for (const name of ["project", "one", "two", "scratch"]) mkdirSync(at(name));
  for (const name of ["changed", "deleted", "same"]) put(name);
  const sent = [...(await entriesOf("changed", "deleted", "same"))];
  await writeBaseline(at("one"), { v: 1, workspace: at("project"), prefix: "", snapshot: false, entries: sent });
  put("changed", "after");
  put("created", "after");
  const after = await entriesOf("changed", "created");
  manifest = [
    ...after.map((entry) => ({ ...entry, change: entry.path === "created" ? "created" : "changed" }) as const),
    ...sent.slice(1).map((entry) => ({ ...entry, change: entry.path === "same" ? "unchanged" : "deleted" }) as const),
  ];
  put("changed");
  rmSync(at("project/created"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function carry(): Promise<string[] | false> {
  const earlier = { runDirectory: at("one"), manifest };
  const options = { earlier, runDirectory: at("two"), workspace: at("project"), home: root };
  if (!(await carryBaseline(options))) return false;
  return (await readBaseline(at("two")))?.entries.map(({ path }) => path) ?? [];
}

it("a project that is as it went in is compared with", async () => {
  expect(await carry()).toEqual(["changed", "deleted", "same"]);
});

it("a project that got some or all of the earlier run's changes is compared with as it is", async () => {
  put("changed", "after");
  expect(await carry()).toEqual(["changed", "deleted", "same"]);
  put("created", "after");
  rmSync(at("project/deleted"));
  expect(await carry()).toEqual(["changed", "created", "same"]);
});

it.each([
  ["a file has another content", () => put("same", "mine")],
  ["a file is executable", () => chmodSync(at("project/same"), 0o755)],
  ["a file is new", () => put("new")],
  ["a file that the run also created is another one", () => put("created", "mine")],
  ["a file is gone", () => rmSync(at("project/same"))],
  ["a file that the run changed is gone", () => rmSync(at("project/changed"))],
])("a project would have to go in again once %s", async (_, change) => {
  change();
  expect(await carry()).toBe(false);
});

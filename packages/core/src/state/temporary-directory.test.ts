import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeTemporaryDirectory } from "./temporary-directory.ts";

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "glovebox-temporary-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

it("removes what a killed process left long ago, and nothing of a living one, of late or of another name", async () => {
  const dead = spawnSync("true").pid;
  const long = new Date(Date.now() - 2 * 3_600_000);
  const old = [`mine-${dead}-abcdef`, `mine-${process.pid}-abcdef`, `yours-${dead}-abcdef`, `mine-${dead}-abcdef.txt`];
  for (const name of old) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, "file"), "");
    utimesSync(join(parent, name), long, long);
  }
  const delayed = `mine-${dead}-ghijkl`;
  mkdirSync(join(parent, delayed));
  const created = await makeTemporaryDirectory("mine", parent);
  expect(readdirSync(parent).sort()).toEqual([...old.slice(1), delayed, basename(created)].sort());
});

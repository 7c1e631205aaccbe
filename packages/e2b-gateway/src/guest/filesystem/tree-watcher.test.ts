import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TreeWatcher } from "./tree-watcher.ts";

let root: string;
let watcher: TreeWatcher;
let seen: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-watch-"));
  seen = [];
  watcher = new TreeWatcher({
    root,
    recursive: true,
    onChange: ({ type, name }) => seen.push(`${type.replace("EVENT_TYPE_", "")} ${name}`),
  });
});
afterEach(() => {
  watcher.close();
  rmSync(root, { recursive: true });
});

const at = (name: string): string => join(root, name);

function touch(name: string): void {
  writeFileSync(at(name), "");
  utimesSync(at(name), new Date(), new Date());
}

/** Does something without the watcher noticing any of it before it is over, and waits for its last event. */
async function changes(work: () => void, last: string): Promise<string[]> {
  seen.length = 0;
  work();
  await expect.poll(() => seen, { interval: 5 }).toContain(last);
  return [...seen];
}

/** The same in a directory entry that the watcher has looked at, however soon its inode is given to another. */
const known = async (name: string): Promise<void> => {
  await changes(() => touch(name), `CREATE ${name}`);
  await expect.poll(() => seen.length, { interval: 5 }).toBeGreaterThan(1);
};

test("a file that comes and goes before another comes is removed, not renamed", async () => {
  for (let round = 0; round < 50; round += 1) {
    const work = (): void => {
      touch(`draft${round}`);
      rmSync(at(`draft${round}`));
      touch(`end${round}`);
    };
    const reported = await changes(work, `CREATE end${round}`);
    expect(reported.filter((event) => event.endsWith(`draft${round}`))).toEqual(
      expect.arrayContaining([`CREATE draft${round}`, `REMOVE draft${round}`]),
    );
  }
});

test("a file that goes before another comes is removed, also where that one gets its inode", async () => {
  for (let round = 0; round < 50; round += 1) {
    await known(`old${round}`);
    const work = (): void => {
      rmSync(at(`old${round}`));
      touch(`new${round}`);
    };
    const reported = await changes(work, `CREATE new${round}`);
    expect(reported[0]).toBe(`REMOVE old${round}`);
  }
});

test("a file that is moved is renamed, also one that came just before", async () => {
  await known("first");
  const moved = await changes(() => renameSync(at("first"), at("second")), "CREATE second");
  expect(moved).toEqual(["RENAME first", "CREATE second"]);
  const work = (): void => {
    writeFileSync(at("part"), "whole");
    renameSync(at("part"), at("whole"));
  };
  expect(await changes(work, "CREATE whole")).toEqual(["CREATE part", "WRITE part", "RENAME part", "CREATE whole"]);
});

test("a directory that comes and goes before another comes is removed, not renamed", async () => {
  const work = (): void => {
    mkdirSync(at("a"));
    rmSync(at("a"), { recursive: true });
    mkdirSync(at("b"));
  };
  expect(await changes(work, "CREATE b")).toEqual(["CREATE a", "REMOVE a", "CREATE b"]);
});

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ComponentLock,
  emptyLock,
  formatLock,
  openCatalogs,
  parseRequests,
  parseSource,
  planComponents,
  readLock,
  updateLock,
  writeLock,
} from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { OpenSample } from "./open-sample.ts";
import { commitAll } from "./test-git.ts";

const agent = (name: string, text = "body"): string => `---\nname: ${name}\ndescription: The ${name}\n---\n${text}\n`;

class LockedRepository implements AsyncDisposable {
  readonly repository: TestDirectory;
  readonly cache: TestDirectory;

  constructor(repository: TestDirectory, cache: TestDirectory) {
    this.repository = repository;
    this.cache = cache;
  }

  get spec() {
    return parseSource(`team=file://${this.repository.path}`, "/");
  }

  get context() {
    return { cacheDir: this.cache.path };
  }

  async plan(names: readonly string[], lock: ComponentLock) {
    const catalogs = await openCatalogs([this.spec], this.context, lock);
    const existing = { read: async () => undefined };
    const requests = parseRequests({ agent: names });
    return planComponents({ requests, catalogs, lock, existing, cwd: "/", context: this.context });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.repository[Symbol.asyncDispose]();
    await this.cache[Symbol.asyncDispose]();
  }
}

async function lockedRepository(): Promise<LockedRepository> {
  const files = { "agents/a/one.md": agent("one"), "agents/a/two.md": agent("two") };
  return new LockedRepository(await TestDirectory.create(files), await TestDirectory.create());
}

describe("a lock", () => {
  it("pins the commit and the hash of what is used, and holds a fresh machine to them", async () => {
    await using locked = await lockedRepository();
    const first = commitAll(locked.repository.path, "first");
    const { lock } = await locked.plan(["one"], emptyLock);
    const source = `file://${locked.repository.path}`;
    expect(lock.sources).toEqual({ [source]: first });
    expect(lock.components).toEqual([
      { kind: "agent", name: "a/one", source, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);

    await locked.repository.write({ "agents/a/one.md": agent("one", "changed") });
    commitAll(locked.repository.path, "second");
    await using fresh = new LockedRepository(locked.repository, await TestDirectory.create());
    const again = await fresh.plan(["one", "two"], lock);
    expect(again.components.map((component) => component.revision)).toEqual([first, first]);
    expect(Buffer.from(again.files[0]?.bytes ?? []).toString()).toContain("body");
    expect(again.lock.components.map((component) => component.name)).toEqual(["a/one", "a/two"]);
  });

  it("refuses what is not what it pins, until it is updated", async () => {
    await using locked = await lockedRepository();
    commitAll(locked.repository.path, "first");
    const { lock } = await locked.plan(["one", "two"], emptyLock);
    const forged = { ...lock, components: lock.components.map((item) => ({ ...item, sha256: "0".repeat(64) })) };
    await expect(locked.plan(["one"], forged)).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringMatching(/agent a\/one .* is not what glovebox\.lock pins: [0-9a-f]{12} instead of 0{12}/),
      hint: expect.stringContaining("components update"),
    });
  });

  it("is updated to the newest commit, and reports every difference", async () => {
    await using locked = await lockedRepository();
    const first = commitAll(locked.repository.path, "first");
    const { lock } = await locked.plan(["one", "two"], emptyLock);
    await locked.repository.write({ "agents/a/one.md": agent("one", "changed"), "agents/a/two.md": "no agent\n" });
    const second = commitAll(locked.repository.path, "second");
    const update = await updateLock(lock, [locked.spec], locked.context);
    expect(update.sources).toEqual([{ source: `file://${locked.repository.path}`, before: first, after: second }]);
    expect(
      update.changes.map(({ component, sha256, reason }) => [component.name, sha256 !== undefined, reason]),
    ).toEqual([
      ["a/one", true, undefined],
      ["a/two", false, expect.stringContaining("has no front matter")],
    ]);
    const plan = await locked.plan(["one"], update.lock);
    expect(plan.components[0]?.revision).toBe(second);
    const nothing = await updateLock(update.lock, [locked.spec], locked.context);
    expect(nothing.changes.map(({ component }) => component.name)).toEqual(["a/two"]);
  });
});

describe("the lock file", () => {
  const lock: ComponentLock = {
    version: 1,
    sources: { b: "2", a: "1" },
    components: [
      { kind: "skill", name: "x", source: "b", sha256: "b".repeat(64) },
      { kind: "agent", name: "y", source: "a", sha256: "a".repeat(64) },
    ],
  };

  it("is the same text in whatever order it was made, and comes back as it was", async () => {
    await using directory = await TestDirectory.create();
    const path = join(directory.path, "glovebox.lock");
    expect(await readLock(path)).toEqual(emptyLock);
    await writeLock(path, lock);
    const reversed = { ...lock, sources: { a: "1", b: "2" }, components: [...lock.components].reverse() };
    expect(await readFile(path, "utf8")).toBe(formatLock(reversed));
    expect(await readLock(path)).toEqual(JSON.parse(formatLock(lock)));
    expect(await readdir(directory.path)).toEqual(["glovebox.lock"]);
  });

  it.each([
    ["{"],
    ["{}"],
    ['{"version":2,"sources":{},"components":[]}'],
    ['{"version":1,"sources":{},"components":[{}]}'],
  ])("that holds %s is refused", async (text) => {
    await using directory = await TestDirectory.create({ "glovebox.lock": text });
    await expect(readLock(join(directory.path, "glovebox.lock"))).rejects.toMatchObject({ code: "invalid-options" });
  });
});

describe("a lock of a directory", () => {
  it("names it from where the lock lies, so that it means the same on another machine", async () => {
    await using sample = await OpenSample.create({
      "catalog/agents/a/one.md": "---\nname: one\ndescription: d\n---\n",
    });
    const { openCatalogs } = await import("../src/index.ts");
    const spec = parseSource("./catalog", sample.directory.path);
    const catalogs = await openCatalogs([spec], { cacheDir: sample.cache.path });
    const { lock } = await sample.plan({ agent: ["one"] }, { catalogs });
    expect(lock.components).toMatchObject([{ kind: "agent", name: "a/one", source: "./catalog" }]);
    expect(Object.keys(lock.sources)).toEqual(["./catalog"]);
  });
});

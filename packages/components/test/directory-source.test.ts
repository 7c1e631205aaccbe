import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCatalog, parseSource, searchCatalogs } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";

const agent = (name: string): string => `---\nname: ${name}\ndescription: The ${name}\n---\nbody\n`;
const long = new Date("2026-01-01T00:00:00Z");

describe("a directory as a source", () => {
  it("is listed from the cache while nothing in it changes, and again when something does", async () => {
    await using directory = await TestDirectory.create({
      "agents/a/one.md": agent("one"),
      "agents/a/two.md": agent("two"),
    });
    await using cache = await TestDirectory.create();
    const spec = parseSource(`x=${directory.path}`, "/");
    const open = async () => await openCatalog(spec, { cacheDir: cache.path });
    const first = await open();
    const listing = (await readdir(join(cache.path, "catalogs"))).find((name) => name.endsWith(".json")) ?? "";
    const path = join(cache.path, "catalogs", listing);
    const marked = (await readFile(path, "utf8")).replace("The one", "From the cache");
    await writeFile(path, marked);
    const second = await open();
    expect(second.revision).toBe(first.revision);
    expect(second.entries.map(({ description }) => description)).toEqual(["From the cache", "The two"]);
    await directory.write({ "agents/a/one.md": agent("uno") });
    const third = await open();
    expect(third.entries.map(({ description }) => description)).toEqual(["The uno", "The two"]);
    expect((await searchCatalogs([third], "uno")).map(({ entry }) => entry.name)).toEqual(["a/one"]);
    expect((await readdir(join(cache.path, "catalogs"))).filter((name) => name.endsWith(".json"))).toHaveLength(1);
  });

  it("is noticed to have changed although size and time of a file are as they were", async () => {
    await using directory = await TestDirectory.create({ "agents/a/one.md": agent("one") });
    await using cache = await TestDirectory.create();
    const file = join(directory.path, "agents/a/one.md");
    await utimes(file, long, long);
    const open = async () => await openCatalog(parseSource(`x=${directory.path}`, "/"), { cacheDir: cache.path });
    const { revision } = await open();
    await writeFile(file, agent("two"));
    await utimes(file, long, long);
    const again = await open();
    expect(again.revision).not.toBe(revision);
    expect(again.entries[0]?.description).toBe("The two");
  });
});

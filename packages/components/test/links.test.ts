import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Catalog, emptyLock, openCatalog, parseRequests, parseSource, planComponents } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { rawZip } from "./raw-zip.ts";
import { commitAll } from "./test-git.ts";
import { type TarInput, testTar } from "./test-tar.ts";

const main = "---\nname: s\ndescription: S\n---\nRead notes.md\n";
const files = { "skills/s/SKILL.md": main, "skills/s/real.md": "real\n", "shared/run.sh": "#!/bin/sh\necho run\n" };
const links = {
  "skills/s/notes.md": "real.md",
  "skills/s/chain.md": "./notes.md",
  "skills/s/run.sh": "../../shared/run.sh",
  "skills/s/out.md": "../../../../etc/passwd",
  "skills/s/absolute.md": "/etc/passwd",
  "skills/s/loop.md": "loop.md",
  "skills/s/directory": "../../shared",
  "skills/s/nowhere.md": "missing.md",
};

const tarLinks = Object.entries(links).map(([name, linkname]): TarInput => ({ name, type: "symlink", linkname }));
const tarFiles = Object.entries(files).map(([name, body]): TarInput => ({ name, body }));

async function planSkill(catalog: Catalog, cacheDir: string) {
  return await planComponents({
    requests: parseRequests({ skill: ["s"] }),
    catalogs: [catalog],
    lock: emptyLock,
    existing: { read: async () => undefined },
    cwd: "/",
    context: { cacheDir },
  });
}

/** Writes the files and links as one kind of source, and gives its name. */
const sources: Readonly<Record<string, (directory: TestDirectory) => Promise<string>>> = {
  directory: async (directory) => {
    await directory.write(files);
    for (const [path, target] of Object.entries(links)) await symlink(target, join(directory.path, path));
    return directory.path;
  },
  git: async (directory) => {
    await sources.directory?.(directory);
    commitAll(directory.path, "all");
    return `file://${directory.path}`;
  },
  tar: async (directory) => {
    await directory.write({ "c.tar": await testTar([...tarLinks, ...tarFiles]) });
    return join(directory.path, "c.tar");
  },
  zip: async (directory) => {
    const linked = Object.entries(links).map(([name, body]) => ({ name, body, mode: 0o120777 }));
    const plain = Object.entries(files).map(([name, body]) => ({ name, body }));
    await directory.write({ "c.zip": rawZip([...linked, ...plain]) });
    return join(directory.path, "c.zip");
  },
};

describe("a link in a source", () => {
  it.each(Object.keys(sources))("of the kind %s is the file of the source that it leads to", async (kind) => {
    await using directory = await TestDirectory.create();
    await using cache = await TestDirectory.create();
    const source = await sources[kind]?.(directory);
    const catalog = await openCatalog(parseSource(`x=${source}`, "/"), { cacheDir: cache.path });
    const plan = await planSkill(catalog, cache.path);
    const placed = plan.files.map(({ path, mode, bytes }) => [path, mode.toString(8), Buffer.from(bytes).toString()]);
    expect(placed).toEqual([
      [".claude/skills/s/SKILL.md", "644", main],
      [".claude/skills/s/chain.md", "644", "real\n"],
      [".claude/skills/s/notes.md", "644", "real\n"],
      [".claude/skills/s/real.md", "644", "real\n"],
      [".claude/skills/s/run.sh", "755", files["shared/run.sh"]],
    ]);
    const left = plan.warnings.filter((warning) => warning.includes("leads to no file"));
    expect(left).toHaveLength(5);
  });

  it("that is hard is the file of the same archive, and never one of this machine", async () => {
    await using directory = await TestDirectory.create({});
    await using cache = await TestDirectory.create();
    const hard = [
      { name: "skills/s/hard.md", type: "link", linkname: "skills/s/real.md" },
      { name: "skills/s/far.md", type: "link", linkname: "/etc/passwd" },
      { name: "skills/s/up.md", type: "link", linkname: "../../../etc/passwd" },
    ] as const;
    await directory.write({ "c.tar": await testTar([...tarFiles, ...hard]) });
    const catalog = await openCatalog(parseSource(join(directory.path, "c.tar"), "/"), { cacheDir: cache.path });
    const plan = await planSkill(catalog, cache.path);
    expect(plan.files.map(({ path }) => path)).toContain(".claude/skills/s/hard.md");
    expect(plan.files.filter(({ path }) => /far|up/.test(path))).toEqual([]);
  });
});

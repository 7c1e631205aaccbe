import { existsSync } from "node:fs";
import { readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Catalog, openCatalog, parseSource, type SourceContext } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { rawZip } from "./raw-zip.ts";
import { sampleCatalog } from "./sample-catalog.ts";
import { commitAll, testGit } from "./test-git.ts";
import { TestServer } from "./test-server.ts";
import { type TarInput, testTar, testTarGz } from "./test-tar.ts";

const agent = (name: string): string => `---\nname: ${name}\ndescription: The ${name}\n---\nbody\n`;
const names = (catalog: Catalog): string[] => catalog.entries.map((entry) => entry.name);

describe("parseSource", () => {
  it.each([
    ["github:a/b", { name: "b", kind: "github", location: "a/b" }],
    ["https://github.com/a/b.git#v1:x/y", { name: "b", kind: "github", location: "a/b", ref: "v1", path: "x/y" }],
    [
      "team=https://git.example.com/t/c.git#main",
      { name: "team", kind: "git", location: "https://git.example.com/t/c.git", ref: "main" },
    ],
    ["git@git.example.com:t/c.git", { name: "c", kind: "git", location: "git@git.example.com:t/c.git" }],
    ["ssh://git.example.com/t/c", { name: "c", kind: "git", location: "ssh://git.example.com/t/c" }],
    [
      "https://example.com/c-1.2.tar.gz#:in",
      { name: "c-1.2", kind: "archive", location: "https://example.com/c-1.2.tar.gz", path: "in" },
    ],
    ["./c.zip", { name: "c", kind: "archive", location: "/project/c.zip" }],
    ["../catalog", { name: "catalog", kind: "directory", location: "/catalog" }],
  ])("reads %s", (text, spec) => {
    expect(parseSource(text, "/project")).toEqual(spec);
  });

  it.each([
    ["ext::sh -c touch% /tmp/x"],
    ["--upload-pack=touch /tmp/x"],
    ["git+ext::sh"],
    ["ftp://example.com/x"],
    ["https://git.example.com/x.git#--upload-pack=x"],
    ["github:a/.."],
    [""],
    ["x=#main"],
    ["./directory#main"],
    ["https://user:secret@git.example.com/x.git"],
    ["github:a/b#:../x"],
  ])("refuses %s", (text) => {
    expect(() => parseSource(text, "/project")).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });
});

it("never repeats a password that a source was named with", () => {
  for (const text of [
    "https://user:secret@git.example.com/x.git",
    "https://ghp_secret@github.example.com/x.git",
    "gopher://user:secret@example.com/x",
    "x=ftp://u:secret@example.com",
  ])
    expect(() => parseSource(text, "/")).not.toThrow(/secret/);
});

describe("a git repository", () => {
  it("is fetched once at a commit, works offline after, and follows its branch when it is asked to", async () => {
    await using repository = await TestDirectory.create({ "sub/agents/a/one.md": agent("one"), "other.txt": "x" });
    await using cache = await TestDirectory.create();
    const first = commitAll(repository.path, "one");
    const spec = parseSource(`file://${repository.path}#main:sub`, "/");
    const context: SourceContext = { cacheDir: cache.path };
    await expect(openCatalog(spec, { ...context, offline: true })).rejects.toMatchObject({
      code: "unavailable",
      retryable: false,
      hint: expect.stringContaining("components list` once while online"),
    });
    const opened = await openCatalog(spec, context);
    expect([opened.revision, names(opened)]).toEqual([first, ["a/one"]]);

    await repository.write({ "sub/agents/a/two.md": agent("two") });
    const second = commitAll(repository.path, "two");
    expect((await openCatalog(spec, context)).revision).toBe(first);
    const refreshed = await openCatalog(spec, { ...context, refresh: true });
    expect([refreshed.revision, names(refreshed)]).toEqual([second, ["a/one", "a/two"]]);
    const pinned = await openCatalog(spec, { ...context, offline: true }, first);
    expect([pinned.revision, names(pinned)]).toEqual([first, ["a/one"]]);
    expect((await (await pinned.tree()).read("agents/a/one.md")).toString()).toBe(agent("one"));
  });

  it("runs no hook and no filter, and leaves out submodules and links", async () => {
    await using repository = await TestDirectory.create({ "agents/a/one.md": agent("one") });
    await using cache = await TestDirectory.create();
    await repository.write({ ".gitattributes": "*.md filter=evil\n" });
    await symlink("/etc/passwd", join(repository.path, "agents/a/passwd.md"));
    commitAll(repository.path, "one");
    const proof = join(repository.path, "proof");
    for (const hook of ["post-checkout", "post-merge", "reference-transaction"])
      await repository.write({ [`.git/hooks/${hook}!`]: `#!/bin/sh\ntouch ${proof}\n` });
    testGit(repository.path, "config", "filter.evil.smudge", `touch ${proof}`);
    const catalog = await openCatalog(parseSource(`file://${repository.path}`, "/"), { cacheDir: cache.path });
    expect(existsSync(proof)).toBe(false);
    expect(catalog.entries.map((entry) => [entry.name, entry.problem])).toEqual([
      ["a/one", undefined],
      ["a/passwd", "is a link that leads to no file of its source"],
    ]);
    expect((await readdir(join(cache.path, "trees"))).filter((name) => name.startsWith("git-"))).toEqual([]);
  });

  it("that is not there, or has no such branch, is reported in git's own words", async () => {
    await using repository = await TestDirectory.create({ "agents/a/one.md": agent("one") });
    await using cache = await TestDirectory.create();
    commitAll(repository.path, "one");
    const context: SourceContext = { cacheDir: cache.path };
    await expect(openCatalog(parseSource(`file://${repository.path}#nowhere`, "/"), context)).rejects.toThrow(
      /nowhere/,
    );
    await expect(openCatalog(parseSource("file:///nowhere/at/all.git", "/"), context)).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("a GitHub repository", () => {
  const commit = "a".repeat(40);
  const packet = (line: string): string => (line.length + 4).toString(16).padStart(4, "0") + line;
  const refs = [
    packet("# service=git-upload-pack\n"),
    "0000",
    packet(`${commit} HEAD\0multi_ack symref=HEAD:refs/heads/main\n`),
    packet(`${commit} refs/heads/main\n`),
    packet(`${"b".repeat(40)} refs/tags/v1\n`),
    packet(`${"c".repeat(40)} refs/tags/v1^{}\n`),
    "0000",
  ].join("");

  it("is fetched as the archive of a commit, with the ref resolved first", async () => {
    const archive = await testTarGz([
      { name: `c-${commit}/cli/agents/a/one.md`, body: agent("one") },
      { name: `c-${commit}/README.md`, body: "x" },
    ]);
    await using server = await TestServer.create((path) => {
      if (path === "/o/c.git/info/refs?service=git-upload-pack") return { body: refs };
      return path.startsWith("/o/c/tar.gz/") ? { body: archive } : undefined;
    });
    await using cache = await TestDirectory.create();
    const context: SourceContext = { cacheDir: cache.path, github: { web: server.url, archives: server.url } };
    const opened = await openCatalog(parseSource("github:o/c#:cli", "/"), context);
    expect([opened.revision, names(opened)]).toEqual([commit, ["a/one"]]);
    expect(server.requests).toEqual(["/o/c.git/info/refs?service=git-upload-pack", `/o/c/tar.gz/${commit}`]);
    expect((await openCatalog(parseSource("github:o/c#v1:cli", "/"), context)).revision).toBe("c".repeat(40));
    expect(server.requests).toHaveLength(4);
    await openCatalog(parseSource("github:o/c#:cli", "/"), { ...context, offline: true });
    expect(server.requests).toHaveLength(4);
    await expect(openCatalog(parseSource("github:o/c#v9", "/"), context)).rejects.toMatchObject({
      code: "not-found",
      message: 'o/c has no branch or tag "v9"',
    });
    await expect(openCatalog(parseSource("github:o/private", "/"), context)).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe("an archive", () => {
  const hostile: readonly TarInput[] = [
    { name: "agents/a/one.md", body: agent("one") },
    { name: "../outside.md", body: "x" },
    { name: "/absolute.md", body: "x" },
    { name: "agents/../../x.md", body: "x" },
    { name: "agents/a\\b.md", body: "x" },
    { name: "agents/a/link.md", type: "symlink", linkname: "/etc/passwd" },
    { name: "agents/a/hard.md", type: "link", linkname: "/etc/passwd" },
    { name: "agents/a/device.md", type: "character-device" },
    { name: "skills/s/SKILL.md", body: "---\nname: s\ndescription: S\n---\n" },
    { name: "skills/s/escape", type: "symlink", linkname: "../../.." },
  ];

  it.each(["catalog.tar", "catalog.tar.gz", "catalog.tgz"])(
    "%s installs what is a file in it, and nothing else",
    async (name) => {
      await using directory = await TestDirectory.create();
      await using cache = await TestDirectory.create();
      await directory.write({ [name]: name.endsWith(".tar") ? await testTar(hostile) : await testTarGz(hostile) });
      const catalog = await openCatalog(parseSource(`./${name}`, directory.path), { cacheDir: cache.path });
      expect(catalog.revision).toMatch(/^sha256:[0-9a-f]{64}$/);
      const tree = await catalog.tree();
      expect(tree.files.map((file) => file.path)).toEqual(["agents/a/one.md", "skills/s/SKILL.md"]);
      expect(Object.fromEntries(tree.refused.map((entry) => [entry.path, entry.reason]))).toMatchObject({
        "../outside.md": "has a path that leaves it",
        "/absolute.md": "has an absolute path",
        "agents/a\\b.md": "has a backslash in its path",
        "agents/a/link.md": "is a link that leads to no file of its source",
        "agents/a/hard.md": "is a link that leads to no file of its source",
        "agents/a/device.md": "is no file",
      });
      const skill = catalog.entries.find((entry) => entry.kind === "skill");
      expect(skill?.problem).toBeUndefined();
      expect(tree.refused.map(({ path }) => path)).toContain("skills/s/escape");
      expect(await readdir(directory.path)).toEqual([name]);
    },
  );

  it("of the kind zip keeps modes and refuses links; one that climbs out is refused as a whole", async () => {
    await using directory = await TestDirectory.create();
    await using cache = await TestDirectory.create();
    const skill = { name: "in/skills/s/SKILL.md", body: "---\nname: s\ndescription: S\n---\n" };
    await directory.write({
      "good.zip": rawZip([
        skill,
        { name: "in/skills/s/run.sh", body: "#!/bin/sh\n", mode: 0o100755 },
        { name: "in/agents/link.md", body: "/etc/passwd", mode: 0o120777 },
      ]),
      "bad.zip": rawZip([skill, { name: "../../outside", body: "x" }]),
    });
    const catalog = await openCatalog(parseSource("good.zip#:in", directory.path), { cacheDir: cache.path });
    const tree = await catalog.tree();
    expect(tree.files.map((file) => [file.path, file.mode])).toEqual([
      ["skills/s/SKILL.md", 0o644],
      ["skills/s/run.sh", 0o755],
    ]);
    expect(tree.refused).toEqual([
      { path: "agents/link.md", reason: "is a link that leads to no file of its source", isLink: true },
    ]);
    await expect(openCatalog(parseSource("bad.zip", directory.path), { cacheDir: cache.path })).rejects.toThrow(
      /The archive is damaged: invalid relative path/,
    );
  });

  it("comes over HTTP with a redirect; a plain-HTTP host that is not this machine is refused", async () => {
    const archive = await testTarGz([{ name: "agents/a/one.md", body: agent("one") }]);
    await using server = await TestServer.create((path) => {
      if (path === "/c.tgz") return { status: 302, headers: { location: "/real" } };
      if (path === "/plain.tgz") return { status: 302, headers: { location: "http://example.com/c.tgz" } };
      if (path === "/round.tgz") return { status: 302, headers: { location: "/round.tgz" } };
      return path === "/real" ? { body: archive } : { status: 503 };
    });
    await using cache = await TestDirectory.create();
    const context: SourceContext = { cacheDir: cache.path };
    expect(names(await openCatalog(parseSource(`${server.url}/c.tgz`, "/"), context))).toEqual(["a/one"]);
    await expect(openCatalog(parseSource(`${server.url}/other.tgz`, "/"), context)).rejects.toMatchObject({
      code: "unavailable",
      message: `${server.url}/other.tgz answered with 503`,
    });
    await expect(openCatalog(parseSource(`${server.url}/plain.tgz`, "/"), context)).rejects.toThrow(
      "Components are fetched over https, not from http://example.com/c.tgz",
    );
    await expect(openCatalog(parseSource(`${server.url}/round.tgz`, "/"), context)).rejects.toThrow(
      "more than 5 times",
    );
    await expect(openCatalog(parseSource("http://user@example.com/c.zip", "/"), context)).rejects.toThrow(
      "Components are fetched over https, not from http://example.com/c.zip",
    );
  });

  it("that ends early or holds nothing is refused, and nothing of it stays in the cache", async () => {
    await using directory = await TestDirectory.create();
    await using cache = await TestDirectory.create();
    const whole = await testTarGz([{ name: "agents/a/one.md", body: agent("one").repeat(5000) }]);
    await directory.write({ "cut.tgz": whole.subarray(0, whole.length - 40), "empty.tar": await testTar([]) });
    const context: SourceContext = { cacheDir: cache.path };
    await expect(openCatalog(parseSource("cut.tgz", directory.path), context)).rejects.toThrow(
      "The archive is damaged",
    );
    await expect(openCatalog(parseSource("empty.tar", directory.path), context)).rejects.toThrow("holds no files");
    await expect(openCatalog(parseSource("none.tgz", directory.path), context)).rejects.toMatchObject({
      code: "not-found",
    });
    const left = await readdir(join(cache.path, "trees"));
    expect(left.filter((name) => !/^[0-9a-f]{64}\.(pack|json)$/.test(name))).toEqual([]);
  });

  it("with a huge file leaves that one out", async () => {
    await using directory = await TestDirectory.create();
    await using cache = await TestDirectory.create();
    await directory.write({
      "c.tar.gz": await testTarGz([
        { name: "agents/a/huge.md", body: Buffer.alloc(16 * 1024 * 1024 + 1, "x") },
        { name: "agents/a/one.md", body: agent("one") },
      ]),
    });
    const catalog = await openCatalog(parseSource("c.tar.gz", directory.path), { cacheDir: cache.path });
    expect(catalog.entries.map((entry) => [entry.name, entry.problem])).toEqual([
      ["a/huge", "is larger than 16 MiB"],
      ["a/one", undefined],
    ]);
  });
});

describe("cancelling", () => {
  it("ends a download with what it is, and leaves nothing half done in the cache", async () => {
    const stop = new AbortController();
    await using server = await TestServer.create(() => {
      stop.abort();
      return { body: "never read" };
    });
    await using cache = await TestDirectory.create();
    const context: SourceContext = { cacheDir: cache.path, signal: stop.signal };
    await expect(openCatalog(parseSource(`${server.url}/c.tgz`, "/"), context)).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await readdir(join(cache.path, "trees"))).toEqual([]);
  });
});

describe("the cache", () => {
  it("loses what fetches that were cut off left in it long ago, and nothing younger", async () => {
    await using directory = await TestDirectory.create({
      "c.tar": await testTar([{ name: "agents/a.md", body: "x" }]),
    });
    await using cache = await TestDirectory.create({
      "trees/old.tmp": "x",
      "trees/git-old/x": "x",
      "trees/new.tmp": "x",
    });
    const longAgo = new Date("2020-01-01");
    await utimes(join(cache.path, "trees/old.tmp"), longAgo, longAgo);
    await utimes(join(cache.path, "trees/git-old"), longAgo, longAgo);
    await openCatalog(parseSource("c.tar", directory.path), { cacheDir: cache.path });
    const left = await readdir(join(cache.path, "trees"));
    expect(left.filter((name) => !/^[0-9a-f]{64}\./.test(name))).toEqual(["new.tmp"]);
  });

  it("that cannot be written is reported with its reason", async () => {
    await using directory = await TestDirectory.create({
      file: "x",
      "c.tar": await testTar([{ name: "agents/a.md", body: "x" }]),
    });
    const context: SourceContext = { cacheDir: join(directory.path, "file") };
    await expect(openCatalog(parseSource("c.tar", directory.path), context)).rejects.toMatchObject({
      code: "invalid-options",
    });
  });

  it("is not believed when it was changed", async () => {
    await using repository = await TestDirectory.create(sampleCatalog);
    await using cache = await TestDirectory.create();
    commitAll(repository.path, "all");
    const spec = parseSource(`file://${repository.path}`, "/");
    const context: SourceContext = { cacheDir: cache.path };
    await openCatalog(spec, context);
    const trees = join(cache.path, "trees");
    for (const name of await readdir(trees)) {
      if (!name.endsWith(".pack")) continue;
      const bytes = await readFile(join(trees, name));
      await writeFile(join(trees, name), bytes.fill(0x78));
    }
    const tree = await (await openCatalog(spec, context)).tree();
    await expect(tree.read("agents/security/reviewer.md")).rejects.toMatchObject({
      code: "file",
      message: expect.stringContaining("is not what was fetched"),
    });
  });
});

describe("a directory", () => {
  it("is read again each time; links in it are not followed", async () => {
    await using directory = await TestDirectory.create({
      "agents/a/one.md": agent("one"),
      "node_modules/agents/x.md": "x",
    });
    await using cache = await TestDirectory.create();
    await symlink("/etc/passwd", join(directory.path, "agents/a/passwd.md"));
    await symlink("/etc", join(directory.path, "agents/etc"));
    const spec = parseSource(directory.path, "/");
    const context: SourceContext = { cacheDir: cache.path, offline: true };
    expect(names(await openCatalog(spec, context))).toEqual(["a/one", "a/passwd"]);
    await directory.write({ "agents/a/two.md": agent("two") });
    const catalog = await openCatalog(spec, context);
    expect(names(catalog)).toEqual(["a/one", "a/passwd", "a/two"]);
    await directory.write({ "agents/a/two.md": agent("changed") });
    await expect((await catalog.tree()).read("agents/a/two.md")).rejects.toThrow("changed while it was read");
    await expect(openCatalog(parseSource("/nowhere/at/all", "/"), context)).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

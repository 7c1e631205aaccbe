import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CollectedFiles, type ManifestEntry, openDiff, packWorkspace, receiveFiles } from "../../index.ts";

let root = "";
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-receive-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const runId = "20261201-080000-abcdef";

function project(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(root, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

/** A project as it travels, and what is remembered of it. */
async function pack(workspace: string, runDirectory: string) {
  const pieces: Uint8Array[] = [];
  await packWorkspace({ workspace, runDirectory }, async (archive) => {
    for await (const piece of archive) pieces.push(piece);
  });
  const { entries } = JSON.parse(readFileSync(join(runDirectory, "baseline.json"), "utf8")) as {
    entries: Omit<ManifestEntry, "change">[];
  };
  return { archive: Buffer.concat(pieces), entries };
}

/** What another machine collected: `changes` by path. */
async function result(
  files: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, ManifestEntry["change"]>>,
) {
  const { archive, entries } = await pack(project("there", files), join(root, "their-run"));
  const manifest = entries.map((entry) => ({ ...entry, change: changes[entry.path] ?? ("unchanged" as const) }));
  const collected = { directory: "", complete: true, manifest, skipped: [], executable: [], bytes: archive.length };
  return { archive, files: collected satisfies CollectedFiles };
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}

it("writes what another machine collected, and compares it with what went in from here", async () => {
  const runDirectory = join(root, "runs", runId);
  const workspace = project("here", { "a.txt": "one\n", ".gitignore": "*.log\n", "b.log": "not sent" });
  const { entries } = await pack(workspace, runDirectory);
  expect(entries.map(({ path }) => path)).toEqual([".gitignore", "a.txt"]);
  const { archive, files } = await result(
    { "a.txt": "one\ntwo\n", ".gitignore": "*.log\n", "src/new.txt": "new\n" },
    { "a.txt": "changed", "src/new.txt": "created", src: "created" },
  );
  const outputDirectory = join(root, "out");
  const received = await receiveFiles({
    ...{ archive: inPieces(archive), files, outputDirectory, runDirectory, home: root, workspace },
  });
  expect(received).toMatchObject({ directory: outputDirectory, complete: true, skipped: [] });
  expect(readFileSync(join(outputDirectory, "src/new.txt"), "utf8")).toBe("new\n");
  const diff = await openDiff({ result: { runId, files: received }, runDirectory });
  expect(diff.entries.map(({ path }) => path)).toEqual(["a.txt", "src/new.txt"]);
  expect(readFileSync(received.patch ?? "", "utf8")).toContain("+two");
});

it("names a file that is not as the manifest says, and is not complete then", async () => {
  const { archive, files } = await result(
    { "a.txt": "one\n", "b.txt": "two\n" },
    { "a.txt": "created", "b.txt": "created" },
  );
  archive.write("ONE\n", archive.indexOf("one\n"));
  const runDirectory = join(root, "runs", runId);
  mkdirSync(runDirectory, { recursive: true });
  const outputDirectory = join(root, "out");
  const received = await receiveFiles({ archive: inPieces(archive), files, outputDirectory, runDirectory, home: root });
  expect(received.complete).toBe(false);
  expect(received.skipped.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(received.manifest.map(({ path }) => path)).toEqual(["b.txt"]);
});

it("replaces nothing that no run has written", async () => {
  const { archive, files } = await result({ "a.txt": "theirs" }, { "a.txt": "created" });
  const outputDirectory = project("out", { "a.txt": "mine" });
  const runDirectory = join(root, "runs", runId);
  const receiving = receiveFiles({ archive: inPieces(archive), files, outputDirectory, runDirectory, home: root });
  await expect(receiving).rejects.toMatchObject({ code: "invalid-options", remedy: { set: "overwrite" } });
  expect(readFileSync(join(outputDirectory, "a.txt"), "utf8")).toBe("mine");
  expect(existsSync(join(runDirectory, "changes.patch"))).toBe(false);
});

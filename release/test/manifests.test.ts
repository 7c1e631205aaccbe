import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { publishedDirectories, repositoryRoot } from "../published-directories.ts";

let copy: string;

beforeEach(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-manifests-")));
  const files = ["{packages,apps}/*/package.json", "release/*.ts", "package.json"];
  for (const file of globSync(files, { cwd: repositoryRoot })) cpSync(join(repositoryRoot, file), join(copy, file));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function change(file: string, fields: object): void {
  const manifest = JSON.parse(readFileSync(join(copy, file), "utf8"));
  writeFileSync(join(copy, file), `${JSON.stringify({ ...manifest, ...fields }, undefined, 2)}\n`);
}

async function writeManifests(...args: string[]) {
  const script = join(copy, "release/write-manifests.ts");
  return await execa(process.execPath, [script, ...args], { reject: false });
}

it("passes the check of `pnpm check` while the repository has no address, and fails a release", async () => {
  change("package.json", { repository: undefined });
  await writeManifests();
  expect(await writeManifests("--check")).toMatchObject({ exitCode: 0, stderr: "" });
  const { exitCode, stderr } = await writeManifests("--release");
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: The repository has no address: set "repository": /);
});

it("writes the repository's address into every published manifest", async () => {
  change("package.json", { repository: "https://github.com/acme/glovebox" });
  expect((await writeManifests("--check")).exitCode).toBe(1);
  await writeManifests();
  expect(await writeManifests("--release")).toMatchObject({ exitCode: 0, stderr: "" });
  const manifests = publishedDirectories().map((directory) => directory.slice(repositoryRoot.length));
  for (const path of manifests) {
    expect(JSON.parse(readFileSync(join(copy, path, "package.json"), "utf8"))).toMatchObject({
      homepage: `https://github.com/acme/glovebox/tree/main/${path}#readme`,
      bugs: { url: "https://github.com/acme/glovebox/issues" },
      repository: { type: "git", url: "git+https://github.com/acme/glovebox.git", directory: path },
    });
  }
});

it("fails the check for an exact dependency, and writes a range", async () => {
  change("packages/core/package.json", { dependencies: { zod: "4.6.7" } });
  expect((await writeManifests("--check")).stderr).toContain("packages/core/package.json is out of date");
  await writeManifests();
  expect(readFileSync(join(copy, "packages/core/package.json"), "utf8")).toContain('"zod": "^4.6.7"');
});

import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repositoryRoot } from "../published-directories.ts";

let root: string;
let clone: string;

/** What git holds and would hold, in a directory of its own, with its dependencies installed and nothing built. */
beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-clone-")));
  clone = join(root, "clone");
  await execa("git", ["clone", "--quiet", repositoryRoot, clone]);
  const changed = await execa("git", ["ls-files", "-z", "-m", "-o", "--exclude-standard"], { cwd: repositoryRoot });
  for (const path of changed.stdout
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(repositoryRoot, name)))) {
    await execa("cp", ["--parents", "-P", path, clone], { cwd: repositoryRoot });
  }
  await execa("npx", ["-y", "pnpm@10.34.9", "install", "--frozen-lockfile", "--prefer-offline"], { cwd: clone });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const glovebox = (...args: string[]) =>
  execa(join(clone, "tooling/glovebox"), args, {
    cwd: root,
    env: { GLOVEBOX_HOME: join(root, "home"), HOME: root, INIT_CWD: undefined },
  });

it("makes a Cloudflare project straight after the clone", async () => {
  await glovebox("cloudflare", "init");
  expect(readdirSync(join(root, "glovebox-cloudflare"))).toContain("wrangler.jsonc");
});

it("has what the server puts into sandboxes straight after the clone", async () => {
  await glovebox("serve", "--help");
  expect(existsSync(join(clone, "packages/e2b-gateway/dist/envd.cjs"))).toBe(true);
});

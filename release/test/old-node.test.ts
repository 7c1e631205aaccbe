import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repositoryRoot } from "../published-directories.ts";
import { installNode } from "./support/install-node.ts";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-old-node-")));
let oldNode: string;

beforeAll(async () => {
  oldNode = await installNode(join(directory, "runtime"), "20.19.0");
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each([
  ["apps/cli", "glovebox"],
  ["apps/server", "glovebox-server"],
])("the command of %s prints one clear line on Node 20", async (directory, command) => {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, directory, "package.json"), "utf8"));
  const program = join(repositoryRoot, directory, manifest.bin[command]);
  const { exitCode, stdout, stderr } = await execa(oldNode, [program, "--version"], { reject: false });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 3,
    stdout: "",
    stderr: `error: ${command} needs Node 22.22 or newer; this is Node 20.19.0`,
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** Installs a version of Node into a new directory. Resolves to the path of its program. */
export async function installNode(directory: string, version: string): Promise<string> {
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ dependencies: { node: version } }));
  await execa("npm", ["install", "--no-audit", "--no-fund"], { cwd: directory });
  return join(directory, "node_modules/node/bin/node");
}

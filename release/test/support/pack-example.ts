import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { repositoryRoot } from "../../published-directories.ts";

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Builds and packs the example of a provider the way its documentation tells whoever has copied it. Resolves to its name and
 * its archive.
 */
export async function packExample(
  directory: string,
  archives: ReadonlyMap<string, string>,
): Promise<readonly [name: string, archive: string]> {
  const example = join(repositoryRoot, "examples/third-party-provider");
  cpSync(example, directory, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  const file = join(directory, "package.json");
  const input = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const manifest = { ...input, exports: { ...input.exports, ".": "./dist/index.js" } };
  const write = (content: object) => writeFileSync(file, JSON.stringify(content, undefined, 2));
  const run = (...args: string[]) => execa("npm", args, { cwd: directory });
  // Ours are on no registry yet.
  const ours = Object.fromEntries([...archives].map(([name, archive]) => [name, `file:${archive}`]));
  const taken = (wanted: Manifest["dependencies"]) =>
    Object.fromEntries(Object.entries(wanted).map(([name, range]) => [name, ours[name] ?? range]));
  const { dependencies, devDependencies } = manifest;
  const from = { dependencies: taken(dependencies), devDependencies: taken(devDependencies), overrides: ours };
  write({ ...manifest, ...from });
  await run("install", "--no-audit", "--no-fund", "--ignore-scripts");
  write(manifest);
  await run("run", "build");
  const { stdout } = await run("pack", "--json");
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  return [manifest.name, join(directory, packed.filename)];
}

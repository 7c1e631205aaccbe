/**
 * Keeps what every published manifest repeats: the repository's address, the Node that is needed, and caret ranges for
 * dependencies, whose exact versions the lock file has. The address is `repository` in the root package.json; everything else about it follows from that.
 *
 *     node release/write-manifests.ts             # writes the manifests
 *     node release/write-manifests.ts --check     # fails when a manifest differs
 *     node release/write-manifests.ts --release   # fails as well while the address is unset
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { publishedDirectories, repositoryRoot } from "./published-directories.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The oldest Node that a published package runs on: the oldest that its dependencies support. */
const engines = { node: ">=22.22" };

/** Dependencies of published packages whose version is exact, and why. A range lets users get fixes without a release. */
const exactDependencies: Readonly<Record<string, string>> = {};

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}

/** Returns the repository's address as `https://github.com/owner/name`, or `undefined` while it is unset. */
function repositoryAddress(): string | undefined {
  const { repository } = readManifest(repositoryRoot);
  if (repository === undefined) return undefined;
  if (typeof repository === "string" && /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(repository)) return repository;
  throw new Error('`repository` in the root package.json must look like "https://github.com/owner/name"');
}

function completed(directory: string, address: string | undefined): Manifest {
  const { repository: _, homepage: __, bugs: ___, ...manifest } = readManifest(directory);
  const path = relative(repositoryRoot, directory);
  return {
    ...manifest,
    engines,
    ...(manifest.dependencies === undefined ? {} : { dependencies: withRanges(manifest.dependencies) }),
    ...(address === undefined
      ? {}
      : {
          homepage: `${address}/tree/main/${path}#readme`,
          bugs: { url: `${address}/issues` },
          repository: { type: "git", url: `git+${address}.git`, directory: path },
        }),
  } as Manifest;
}

function withRanges(dependencies: Readonly<Record<string, string>>): Record<string, string> {
  const ranged = ([name, version]: readonly [string, string]): [string, string] => [
    name,
    /^\d/.test(version) && exactDependencies[name] === undefined ? `^${version}` : version,
  ];
  return Object.fromEntries(Object.entries(dependencies).map(ranged));
}

const [mode] = process.argv.slice(2);
const address = repositoryAddress();
const problems: string[] = [];
for (const directory of publishedDirectories()) {
  const file = join(directory, "package.json");
  const manifest = completed(directory, address);
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  if (text === readFileSync(file, "utf8")) continue;
  if (mode === undefined) writeFileSync(file, text);
  else problems.push(`${relative(repositoryRoot, file)} is out of date; run: node release/write-manifests.ts`);
}
if (mode === "--release" && address === undefined) {
  problems.push(
    'The repository has no address: set "repository": "https://github.com/owner/name" in the root package.json, then run ' +
      "node release/write-manifests.ts. npm's trusted publishing refuses packages without it.",
  );
}
for (const problem of problems) process.stderr.write(`error: ${problem}\n`);
if (problems.length > 0) process.exitCode = 1;

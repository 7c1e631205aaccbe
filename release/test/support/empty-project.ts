import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

export type PackageManager = "npm" | "pnpm";

export interface ProjectOptions {
  readonly directory: string;
  readonly manager: PackageManager;
  /** The Node that the package manager runs on. */
  readonly node: string;
  /** What is asked for: names of packages to what they are installed from. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Where packages of ours come from, whoever asks for them: they are on no registry yet. */
  readonly archives: ReadonlyMap<string, string>;
}

/** An empty project, with what was asked for installed into it. */
export async function emptyProject(options: ProjectOptions): Promise<string> {
  const { directory, manager, node, dependencies, archives } = options;
  mkdirSync(directory, { recursive: true });
  const overrides = Object.fromEntries([...archives].map(([name, file]) => [name, `file:${file}`]));
  const manifest = { name: "project", private: true, type: "module", dependencies };
  const rules = manager === "npm" ? { overrides } : { pnpm: { overrides } };
  writeFileSync(join(directory, "package.json"), JSON.stringify({ ...manifest, ...rules }));
  const PATH = `${join(node, "..")}:${process.env.PATH}`;
  const install = { cwd: directory, env: { PATH, CI: "true" } };
  // Without scripts, as pnpm does by itself: those of vendors' packages compile what they also work without.
  if (manager === "npm") await execa("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], install);
  else await execa("npx", ["-y", "pnpm@10.34.9", "install", "--ignore-workspace"], install);
  return directory;
}

/** The names of everything that is installed in a project, however deep. */
export function installedNames(project: string): ReadonlySet<string> {
  const store = join(project, "node_modules/.pnpm");
  if (existsSync(store)) {
    const names = readdirSync(store)
      .filter((entry) => entry.includes("@", 1))
      .map((entry) => entry.slice(0, entry.indexOf("@", 1)).replace("+", "/"));
    return new Set(names);
  }
  return new Set(namesBelow(join(project, "node_modules")));
}

function* namesBelow(directory: string): Generator<string> {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory)) {
    if (entry.startsWith(".")) continue;
    const names = entry.startsWith("@")
      ? readdirSync(join(directory, entry)).map((name) => `${entry}/${name}`)
      : [entry];
    for (const name of names) {
      yield name;
      yield* namesBelow(join(directory, name, "node_modules"));
    }
  }
}

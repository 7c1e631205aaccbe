import type { RunFiles } from "@glovebox/core";

const maxPackageBytes = 1024 * 1024;
const maxDepth = 5;

/** `npm test`, `pnpm run check`, `yarn lint`: the script of a package that a package manager starts. */
const managerCall = /\b(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?(?<script>[\w:.-]+)/g;

/** Where the agent's own work is: a command may well start it, and it is not part of the judgement. */
export const sourcePlace = /(?:^|\/)(?:src|lib|app|source|pkg|internal|cmd)\//;

/**
 * The scripts of the project that a command starts, directly or by the scripts of its package.json: `./check.sh` of `npm test`.
 * Files below `src`, `lib` and the like are left out.
 */
export async function commandFiles(files: RunFiles, command: string): Promise<ReadonlyMap<string, string>> {
  const scripts = await packageScripts(files);
  const texts = expand(command, scripts, maxDepth);
  const words = new Set(
    texts.flatMap((text) => text.split(/[\s;&|()<>"'`=]+/)).map((word) => word.replace(/^\.\//, "")),
  );
  const named = files.base.filter(
    ({ path, kind }) => kind !== "directory" && words.has(path) && !sourcePlace.test(path),
  );
  return new Map(named.map(({ path }) => [path, "script"]));
}

/** A command and the scripts that it leads to. */
export function expand(command: string, scripts: ReadonlyMap<string, string>, depth = maxDepth): readonly string[] {
  if (depth === 0) return [command];
  const names = [...command.matchAll(managerCall)].flatMap(({ groups }) => groups?.script ?? []);
  const called = names.flatMap((name) => [`pre${name}`, name, `post${name}`]);
  return [
    command,
    ...called.flatMap((name) => {
      const script = scripts.get(name);
      return script === undefined ? [] : expand(script, scripts, depth - 1);
    }),
  ];
}

/** The scripts of the project's package.json. */
export async function packageScripts(files: RunFiles): Promise<ReadonlyMap<string, string>> {
  const entry = files.base.find(({ path }) => path === "package.json");
  const text = entry === undefined ? undefined : await files.text({ entry, from: "base" }, maxPackageBytes);
  try {
    const { scripts = {} } = JSON.parse(text ?? "{}") as { readonly scripts?: Record<string, unknown> };
    return new Map(Object.entries(scripts).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  } catch {
    // A package.json that is no JSON has no scripts.
    return new Map();
  }
}

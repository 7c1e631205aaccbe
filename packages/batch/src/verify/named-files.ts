import { posix } from "node:path";
import type { RunFiles } from "@glovebox/core";
import { sourcePlace } from "./command-files.ts";
import type { ProtectedPaths } from "./protected-paths.ts";

const maxTextBytes = 256 * 1024;
const mostRead = 500;

/** Settings whose value is a file that runs with the tests, or more settings: wherever it lies, it is no work. */
const settings =
  /["']?\b(?:setup\w*|global_?setup|globalTeardown|preset|extends|testEnvironment|environment|testRunner|runner|snapshotSerializers|resolver|transform|pytest_plugins)["']?\s*[:=]\s*(?<value>\[[^\]]{0,2000}\]|\{[^}]{0,2000}\}|\([^)]{0,2000}\)|[^\n]*)/gi;

/** Other files that settings load, which may be the work itself: a plugin's configuration loads the plugin. */
const loads =
  /\b(?:from|import|require|load|source)\b\s*\(?\s*(?<one>["'][^"'\n]+["'])|^\s*-?s?include\s+(?<makefile>[^\n]+)|\b(?:require|import|spec)["']?\s*:\s*(?<value>\[[^\]]{0,2000}\]|[^\n]*)/gm;

const endings = [
  "",
  ".js",
  ".cjs",
  ".mjs",
  ".ts",
  ".cts",
  ".mts",
  ".tsx",
  ".jsx",
  ".json",
  ".py",
  "/index.js",
  "/index.ts",
];

/**
 * The files of the project that its settings name: what a `tsconfig.json` extends, the set-up of a test runner, what a Makefile
 * includes, and what these name themselves.
 */
export async function namedFiles(
  files: RunFiles,
  protection: Pick<ProtectedPaths, "kindOf">,
): Promise<ReadonlyMap<string, string>> {
  const base = new Map(files.base.filter(({ kind }) => kind !== "directory").map((entry) => [entry.path, entry]));
  const named = new Map<string, string>();
  const waiting = [...base.keys()].filter((path) =>
    ["config", "package", "build"].includes(protection.kindOf(path) ?? ""),
  );
  for (let read = 0; read < mostRead; read++) {
    const path = waiting.shift();
    const entry = path === undefined ? undefined : base.get(path);
    if (path === undefined || entry === undefined) break;
    const text = (await files.text({ entry, from: "base" }, maxTextBytes)) ?? "";
    // The modules that a package exports are the work.
    const other = protection.kindOf(path) === "package" ? [] : namesIn(text, loads);
    for (const found of [
      ...resolve(path, namesIn(text, settings), base),
      ...resolve(path, other, base).filter((one) => !sourcePlace.test(one)),
    ]) {
      if (named.has(found) || protection.kindOf(found) !== undefined) continue;
      named.set(found, "config");
      waiting.push(found);
    }
  }
  return named;
}

function namesIn(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(({ groups = {} }) =>
    Object.values(groups).flatMap((value) => value?.split(/[\s"'`,:;()[\]{}<>]+/) ?? []),
  );
}

/** The files of the project that names in a file stand for: from where it lies, from `<rootDir>`, as modules of Python. */
function resolve(from: string, names: readonly string[], base: ReadonlyMap<string, unknown>): readonly string[] {
  return names
    .filter((name) => /\w/.test(name))
    .flatMap((name) => {
      const module = /^[\w.]+$/.test(name) ? [name.replaceAll(".", "/")] : [];
      return [name, ...module].flatMap((one) => {
        const places = [posix.join(posix.dirname(from), one), posix.join(".", one)];
        return places.flatMap((place) => endings.map((ending) => place + ending));
      });
    })
    .filter((path) => base.has(path));
}

import { join, posix } from "node:path";
import { readHostTextSync } from "../../host-files/read-host-file.ts";
import type { ManifestEntry } from "../manifest.ts";
import { hasDotGit } from "../paths/dot-git.ts";
import { hostExecutableRules } from "./host-executable-rules.ts";

const maxPackageBytes = 4 * 1024 * 1024;

/** What could lie below a link that stands in a directory's place, for each shape that the rules have. */
const belowLink = ["", "/any", "/tasks.json", "/workflows/any", "/releases/any", "/hooks/any", "/config"];

/** Of what is found by what it holds, or by where a link leads. */
const byContentRank = 4;
const byLayoutRank = 0;

interface Place {
  readonly place: string;
  readonly rank: number;
}

/**
 * The created and changed entries below `directory` that can make a host execute something: all that are known to, the
 * most dangerous first. There are always others.
 */
export function findHostExecutables(directory: string, manifest: readonly ManifestEntry[]): string[] {
  const led = [...ledTo(manifest), ...bareRepositories(manifest)];
  const rank = ({ path, kind }: ManifestEntry): number | undefined => {
    const leading = led.find(({ place }) => isWithin(path, place));
    if (leading !== undefined) return leading.rank;
    const byName = rankOf(path) ?? (kind === "symlink" ? rankOfLink(path) : undefined);
    if (byName !== undefined) return byName;
    return isRanked(directory, path) ? byContentRank : undefined;
  };
  return manifest
    .filter((entry) => entry.kind !== "directory" && (entry.change === "created" || entry.change === "changed"))
    .map((entry) => ({ path: entry.path, rank: rank(entry) }))
    .filter((one): one is { path: string; rank: number } => one.rank !== undefined)
    .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** Where links lead that stand in the place of what a rule names: `.vscode` can be a link to any other directory. */
function ledTo(manifest: readonly ManifestEntry[]): Place[] {
  return manifest.flatMap(({ path, kind, change, target }) => {
    if (kind !== "symlink" || change === "deleted" || target === undefined) return [];
    const rank = rankOfLink(path);
    if (rank === undefined) return [];
    return [{ place: posix.join(posix.dirname(path), target).replace(/\/$/, ""), rank }];
  });
}

/**
 * What git reads programs from in a directory that looks like a repository without being called `.git`: it takes such a
 * directory for one as soon as it is the current directory.
 */
function bareRepositories(manifest: readonly ManifestEntry[]): Place[] {
  const existing = new Map(
    manifest.filter(({ change }) => change !== "deleted").map(({ path }) => [path.toLowerCase(), path]),
  );
  const places: Place[] = [];
  for (const [plain, path] of existing) {
    if (posix.basename(plain) !== "head" || hasDotGit(plain)) continue;
    const [holder, shown] = [posix.dirname(plain), posix.dirname(path)];
    const holds = (name: string) => existing.has(posix.join(holder, name));
    if (!holds("commondir") && !(holds("objects") && holds("refs"))) continue;
    const names = ["config", "config.worktree", "commondir", "hooks"];
    places.push(...names.map((name) => ({ place: posix.join(shown, name), rank: byLayoutRank })));
  }
  return places;
}

function rankOfLink(link: string): number | undefined {
  if (isPackage(link)) return byContentRank;
  const ranks = belowLink.map((below) => rankOf(link + below)).filter((rank) => rank !== undefined);
  return ranks.length === 0 ? undefined : Math.min(...ranks);
}

function isWithin(path: string, place: string): boolean {
  const [one, other] = [path.toLowerCase(), place.toLowerCase()];
  return one === other || one.startsWith(`${other}/`);
}

function rankOf(path: string): number | undefined {
  const plain = path.toLowerCase();
  const rank = hostExecutableRules.findIndex((rules) => rules.some((rule) => rule.test(plain)));
  return rank < 0 ? undefined : rank;
}

function isPackage(path: string): boolean {
  return /(^|\/)(package|composer)\.json$/i.test(path);
}

/** Files of which only the content tells. */
function isRanked(directory: string, path: string): boolean {
  if (isPackage(path)) return holdsAny(join(directory, path), packageKeys);
  return /(^|\/)[tj]sconfig[\w.-]*\.json$/i.test(path) && holdsAny(join(directory, path), configKeys);
}

/** What a package manager or another tool runs, or takes code from. */
const packageKeys =
  /"(scripts|([\w-]*[dD]ependencies)|require(-dev)?|repositories|gypfile|workspaces|overrides|resolutions|pnpm|volta|engines|packageManager|config|autoload|extra|husky|lint-staged|simple-git-hooks|pre-commit|eslintConfig|prettier|stylelint|jest|babel|ava|nyc|c8|mocha|xo|tap|commitlint|release|nx|lerna|workerThreads|postcss|browserify|remarkConfig)"\s*:/;

/** An editor loads the plugins of the language that it edits. */
const configKeys = /"(plugins|extends)"\s*:/;

/** Whatever cannot be read counts as one that holds them. */
function holdsAny(file: string, keys: RegExp): boolean {
  try {
    const text = readHostTextSync(file, { maxBytes: maxPackageBytes, noFollow: true });
    // A name can be written in escapes.
    return text === undefined || keys.test(text) || text.includes("\\u") || !isJson(text);
  } catch {
    return true;
  }
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

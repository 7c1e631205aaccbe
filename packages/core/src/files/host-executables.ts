import { lstatSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { ManifestEntry } from "../run/run-result.ts";
import { hasDotGit } from "./dot-git.ts";

/**
 * Files that make a host execute something without a person asking for just that: on a commit, on opening a folder, on
 * changing into it, on installing packages, on starting a coding agent, on a push. Files that run only when somebody
 * runs them (a Makefile, a script) are not here: whoever runs a changed project runs changed code.
 */
const rules: readonly RegExp[] = [
  // Git's own: hooks, and configuration that names programs.
  /(^|\/)\.git\/(.*\/)?(config|config\.worktree)$/,
  /(^|\/)\.git\/(.*\/)?hooks\/(?!.*\.sample$)/,
  /(^|\/)\.git\/info\/attributes$/,
  // Tools that install hooks, or are called by them.
  /(^|\/)\.(husky|githooks)\//,
  /(^|\/)\.?lefthook(-local)?\.(ya?ml|toml|json)$/,
  /(^|\/)\.pre-commit-config\.ya?ml$/,
  /(^|\/)(\.overcommit\.yml|captainhook\.json|\.?simple-git-hooks\.(json|[cm]?js)|simple-git-hooks\.ts)$/,
  /(^|\/)(\.lintstagedrc(\.\w+)?|lint-staged\.config\.\w+)$/,
  // Editors, on opening the folder.
  /(^|\/)\.vscode\/(tasks|settings|launch|mcp)\.json$/,
  /(^|\/)\.(idea|zed|fleet|devcontainer|run)\//,
  /\.code-workspace$/,
  /(^|\/)\.devcontainer\.json$/,
  /(^|\/)(\.exrc|\.n?vimrc|\.l?vimrc|\.nvim\.lua|\.dir-locals(-2)?\.el)$/,
  // Build tools that editors call to understand a folder, linters that are loaded with it.
  /(^|\/)((build|settings|init)\.gradle(\.kts)?|gradle-wrapper\.(jar|properties)|\.mvn\/.*)$/,
  /(^|\/)(\.eslintrc\.[cm]?js|(eslint|prettier|stylelint)\.config\.[cm]?[jt]s|\.prettierrc\.[cm]?js)$/,
  // Coding agents: hooks, servers and permissions.
  /(^|\/)\.(claude|cursor|codex|gemini|opencode|windsurf|continue|roo|clinerules|kiro|amazonq|goose|junie)\//,
  /(^|\/)(\.mcp\.json|opencode\.jsonc?|\.aider\.conf\.yml)$/,
  // Shells, on changing into the folder.
  /(^|\/)(\.envrc|\.?mise(\.local)?\.toml)$/,
  /(^|\/)\.mise\//,
  // Interpreters and debuggers, on starting in the folder.
  /(^|\/)(\.rprofile|\.irbrc|\.pryrc|\.gdbinit|\.lldbinit|pythonstartup\.py|[^/]+\.pth)$/,
  // Package managers, on installing or on any call: scripts, registries, plugins, builds.
  /(^|\/)(\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pnpmfile\.[cm]?js|pnpm-workspace\.yaml|bunfig\.toml|binding\.gyp)$/,
  /(^|\/)\.yarn\/(releases|plugins)\//,
  /(^|\/)(setup\.py|conftest\.py|sitecustomize\.py|usercustomize\.py)$/,
  /(^|\/)(\.cargo\/config(\.toml)?|build\.rs|rust-toolchain(\.toml)?)$/,
  /(^|\/)(gemfile|[^/]+\.gemspec|podfile|\.bundle\/config|mix\.exs)$/,
  // Continuous integration, on a push, with its secrets.
  /(^|\/)\.github\/(workflows|actions)\//,
  /(^|\/)\.(circleci|buildkite)\//,
  /(^|\/)(\.gitlab-ci\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile)$/,
];

const maxPackageBytes = 4 * 1024 * 1024;

/** What could lie below a link that stands in a folder's place, for each shape that the rules have. */
const belowLink = ["", "/any", "/tasks.json", "/workflows/any", "/releases/any", "/hooks/any", "/config"];

/** The created and changed entries below `directory` that can make a host execute something. */
export function findHostExecutables(directory: string, manifest: readonly ManifestEntry[]): string[] {
  const led = [...ledTo(manifest), ...bareRepositories(manifest)];
  return manifest
    .filter((entry) => entry.kind !== "directory" && (entry.change === "created" || entry.change === "changed"))
    .filter(({ path, kind }) => {
      if (matchesRule(path) || (kind === "symlink" && isTelling(path))) return true;
      return led.some((place) => isWithin(path, place)) || (isPackage(path) && hasScripts(join(directory, path)));
    })
    .map((entry) => entry.path);
}

/** Where links lead that stand in the place of what a rule names: `.vscode` can be a link to any other folder. */
function ledTo(manifest: readonly ManifestEntry[]): string[] {
  return manifest.flatMap(({ path, kind, change, target }) => {
    if (kind !== "symlink" || change === "deleted" || target === undefined || !isTelling(path)) return [];
    return [posix.join(posix.dirname(path), target).replace(/\/$/, "")];
  });
}

/**
 * What git reads programs from in a folder that looks like a repository without being called `.git`: it takes such a
 * folder for one as soon as somebody stands in it.
 */
function bareRepositories(manifest: readonly ManifestEntry[]): string[] {
  const there = new Map(
    manifest.filter(({ change }) => change !== "deleted").map(({ path }) => [path.toLowerCase(), path]),
  );
  const places: string[] = [];
  for (const [plain, path] of there) {
    if (posix.basename(plain) !== "head" || hasDotGit(plain)) continue;
    const [folder, shown] = [posix.dirname(plain), posix.dirname(path)];
    const holds = (name: string) => there.has(posix.join(folder, name));
    if (!holds("commondir") && !(holds("objects") && holds("refs"))) continue;
    places.push(...["config", "config.worktree", "commondir", "hooks"].map((name) => posix.join(shown, name)));
  }
  return places;
}

function isTelling(link: string): boolean {
  return isPackage(link) || belowLink.some((below) => matchesRule(link + below));
}

function isWithin(path: string, place: string): boolean {
  const [one, other] = [path.toLowerCase(), place.toLowerCase()];
  return one === other || one.startsWith(`${other}/`);
}

function matchesRule(path: string): boolean {
  const plain = path.toLowerCase();
  return rules.some((rule) => rule.test(plain));
}

function isPackage(path: string): boolean {
  return /(^|\/)(package|composer)\.json$/i.test(path);
}

/** Whatever cannot be read as a package without scripts counts as one with. */
function hasScripts(file: string): boolean {
  try {
    const there = lstatSync(file);
    if (!there.isFile() || there.size > maxPackageBytes) return true;
    const content: unknown = JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, ""));
    const scripts = (content as { scripts?: unknown } | null)?.scripts;
    return typeof scripts === "object" && scripts !== null ? Object.keys(scripts).length > 0 : scripts !== undefined;
  } catch {
    return true;
  }
}

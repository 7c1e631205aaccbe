import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ManifestEntry } from "../run/run-result.ts";

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
  // Editors, on opening the folder.
  /(^|\/)\.vscode\/(tasks|settings|launch|mcp)\.json$/,
  /(^|\/)\.(idea|zed|fleet|devcontainer)\//,
  /\.code-workspace$/,
  /(^|\/)\.devcontainer\.json$/,
  /(^|\/)(\.exrc|\.n?vimrc|\.nvim\.lua|\.dir-locals\.el)$/,
  // Coding agents: hooks, servers and permissions.
  /(^|\/)\.(claude|cursor|codex|gemini|opencode|windsurf)\//,
  /(^|\/)(\.mcp\.json|opencode\.jsonc?)$/,
  // Shells, on changing into the folder.
  /(^|\/)(\.envrc|\.?mise(\.local)?\.toml)$/,
  /(^|\/)\.mise\//,
  // Package managers, on installing or on any call: scripts, registries, plugins, builds.
  /(^|\/)(\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pnpmfile\.[cm]?js|bunfig\.toml|binding\.gyp)$/,
  /(^|\/)\.yarn\/(releases|plugins)\//,
  /(^|\/)(setup\.py|conftest\.py|sitecustomize\.py|usercustomize\.py)$/,
  /(^|\/)(\.cargo\/config(\.toml)?|build\.rs)$/,
  // Continuous integration, on a push, with its secrets.
  /(^|\/)\.github\/(workflows|actions)\//,
  /(^|\/)\.(circleci|buildkite)\//,
  /(^|\/)(\.gitlab-ci\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile)$/,
];

const maxPackageBytes = 4 * 1024 * 1024;

/** The created and changed entries below `directory` that can make a host execute something. */
export function findHostExecutables(directory: string, manifest: readonly ManifestEntry[]): string[] {
  return manifest
    .filter((entry) => entry.kind !== "directory" && (entry.change === "created" || entry.change === "changed"))
    .map((entry) => entry.path)
    .filter((path) => matchesRule(path) || (isPackage(path) && hasScripts(join(directory, path))));
}

function matchesRule(path: string): boolean {
  const plain = path.toLowerCase();
  return rules.some((rule) => rule.test(plain));
}

function isPackage(path: string): boolean {
  return /(^|\/)package\.json$/i.test(path);
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

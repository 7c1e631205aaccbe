import { SandboxAbortedError } from "../errors/index.ts";
import { type IgnoreRules, isIgnored, withRulesOf } from "../files/ignore/ignore-rules.ts";
import { isDotGit } from "../files/paths/dot-git.ts";
import { checkDotGit } from "./check-dot-git.ts";
import type { GitDirectoryCheck } from "./check-git-directory.ts";
import { refuseEndlessFile } from "./git-file.ts";
import { below, type HostPath, listDirectory } from "./host-path.ts";

/** What git reads from a work tree by its name. */
export const readByGit: ReadonlySet<string> = new Set([".gitignore", ".gitattributes", ".gitmodules", ".mailmap"]);

/**
 * Throws `invalid-options` when a work tree holds a file at which git would wait while it lists or compares: in every
 * directory that is not ignored, also in repositories inside. `base` is the directory's path in the work tree.
 */
export async function checkWorkTree(
  directory: HostPath,
  check: GitDirectoryCheck,
  signal: AbortSignal | undefined,
  base = "",
  outer: readonly IgnoreRules[] = [],
): Promise<void> {
  if (signal?.aborted) throw new SandboxAbortedError("The run was cancelled");
  const entries = (await listDirectory(directory)).map((entry) => ({ entry, name: entry.name.toString() }));
  for (const { entry, name } of entries) {
    if (readByGit.has(name.toLowerCase())) await refuseEndlessFile(below(directory, entry.name));
  }
  const hasRules = entries.some(({ name }) => name === ".gitignore");
  const rules = hasRules ? withRulesOf(directory.toString(), base, outer) : outer;
  for (const { entry, name } of entries) {
    const path = base === "" ? name : `${base}/${name}`;
    if (isDotGit(name)) {
      if (base !== "") await checkDotGit(directory, entry.name, check);
    } else if (entry.isDirectory() && !isIgnored(path, true, rules)) {
      await checkWorkTree(below(directory, entry.name), check, signal, path, rules);
    }
  }
}

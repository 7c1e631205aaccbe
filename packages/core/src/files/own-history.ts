import { lstat, readFile, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { hostGit } from "./host-git.ts";

/**
 * Whether the history at the top of a repository is this folder's own. A folder that somebody else made can hold a `.git`
 * that leads into another repository of this machine, whose history is nobody's to send; a worktree and a submodule do so
 * too, but there the other side names the folder.
 */
export async function isOwnHistory(
  workspace: string,
  branch: string | undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  const asked = await hostGit(["rev-parse", "--absolute-git-dir", "--git-common-dir"], { cwd: workspace, signal });
  const [gitDir, commonDir] = asked.stdout.toString("utf8").split("\n");
  if (asked.exitCode !== 0 || !gitDir || !commonDir) return false;
  try {
    const top = await realpath(workspace);
    const [own, common] = await Promise.all([realpath(gitDir), realpath(resolve(workspace, commonDir))]);
    const isLinked = await anyLink(common, ["HEAD", "objects", "packed-refs", ...prefixesOf(branch ?? "refs/heads")]);
    return !isLinked && (await belongs(top, own, common));
  } catch {
    // A repository that cannot be looked at is not known to be the folder's own.
    return false;
  }
}

async function belongs(top: string, gitDir: string, common: string): Promise<boolean> {
  if (gitDir === common && gitDir === join(top, ".git")) return true;
  // A worktree: the main repository keeps the way back.
  if (gitDir.startsWith(join(common, "worktrees") + sep)) {
    const back = (await readFile(join(gitDir, "gitdir"), "utf8")).trim();
    return (await realpath(resolve(gitDir, back))) === join(top, ".git");
  }
  // A submodule, or a repository with its folder elsewhere: its own configuration names the folder.
  const told = await hostGit(["config", "--file", join(gitDir, "config"), "--no-includes", "core.worktree"], {
    cwd: top,
  });
  const worktree = told.stdout.toString("utf8").replace(/\n$/, "");
  return gitDir === common && worktree !== "" && (await realpath(resolve(gitDir, worktree))) === top;
}

/** `refs`, `refs/heads`, `refs/heads/main`. */
function prefixesOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function anyLink(folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const there = await lstat(join(folder, name)).catch(() => undefined);
    if (there?.isSymbolicLink()) return true;
  }
  return false;
}

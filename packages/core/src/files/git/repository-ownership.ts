import { type Dirent, readdirSync } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { readHostFile, readHostText } from "../../host-files/read-host-file.ts";
import type { GitWorkspace } from "./git-workspace.ts";
import { hostGit } from "./host-git.ts";

const maxEntries = 1_000_000;

/**
 * Why the history at the top of a repository is not plainly this directory's own, or `undefined` when it is. A stranger's
 * directory can hold a `.git` that leads into another repository of this machine, whose history is nobody's to
 * send: by a file or a link, by links within, by alternates. A worktree and a submodule lead elsewhere too, but there the
 * other side names the directory.
 */
export async function repositoryOwnershipProblem(workspace: string, git: GitWorkspace): Promise<string | undefined> {
  try {
    const top = await realpath(workspace);
    const [own, common] = await Promise.all([realpath(git.gitDir), realpath(git.commonDir)]);
    if (!(await belongs(top, own, common))) return "its .git leads to a repository that does not name it";
    const objects = join(common, "objects");
    for (const name of ["alternates", "http-alternates"]) {
      const path = join(objects, "info", name);
      const bytes = await readHostFile(path, { noFollow: true });
      // The file's own words could be anything, so only its path is named.
      if (bytes !== undefined && bytes.length > 0) {
        return `it borrows the objects of another repository (${path}). When that is as you want it, \`git repack -a -d\` there, and removing the file, make them its own`;
      }
    }
    const link = (await linkAt(common)) ?? findLink(objects) ?? findLink(join(common, "refs"));
    return link === undefined ? undefined : `a link in it leads elsewhere (${link})`;
  } catch {
    // A repository that cannot be looked at is not known to be the directory's own.
    return "its .git cannot be looked at";
  }
}

async function belongs(top: string, gitDir: string, common: string): Promise<boolean> {
  if (gitDir === common && gitDir === join(top, ".git")) return true;
  // A worktree: the main repository keeps the way back.
  if (gitDir.startsWith(join(common, "worktrees") + sep)) {
    const back = ((await readHostText(join(gitDir, "gitdir"))) ?? "").trim();
    return (await realpath(resolve(gitDir, back))) === join(top, ".git");
  }
  // A submodule, or a repository with its directory elsewhere: its own configuration names the directory.
  const answer = await hostGit(["config", "--file", join(gitDir, "config"), "--no-includes", "core.worktree"], {
    cwd: top,
  });
  const worktree = answer.stdout.toString("utf8").replace(/\n$/, "");
  return gitDir === common && worktree !== "" && (await realpath(resolve(gitDir, worktree))) === top;
}

/** Of the files that git takes objects and references from. */
async function linkAt(common: string): Promise<string | undefined> {
  for (const name of ["HEAD", "objects", "refs", "packed-refs", "shallow", "info"]) {
    const path = join(common, name);
    const existing = await lstat(path).catch(() => undefined);
    if (existing?.isSymbolicLink()) return path;
  }
  return undefined;
}

/** The first link anywhere below. */
function findLink(directory: string, seen = { count: 0 }): string | undefined {
  for (const entry of list(directory)) {
    seen.count += 1;
    if (entry.isSymbolicLink() || seen.count > maxEntries) return join(directory, entry.name);
    const below = entry.isDirectory() ? findLink(join(directory, entry.name), seen) : undefined;
    if (below !== undefined) return below;
  }
  return undefined;
}

function list(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

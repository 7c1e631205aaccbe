import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { checkDotGit } from "./check-dot-git.ts";
import { GitDirectoryCheck } from "./check-git-directory.ts";
import { checkWorkTree, readByGit } from "./check-work-tree.ts";
import { refuseEndlessFile } from "./git-file.ts";
import { below, hostPath, pathExists } from "./host-path.ts";

export interface CheckRepositoryOptions {
  /** Also what git reads from the work tree: the ignore and attribute files of every directory. */
  readonly workTree?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Throws `invalid-options`, naming the file, when git started in this directory would wait for ever or read without an end:
 * the directory may be a stranger's, and git opens whatever lies in the place of its files. Looks where git looks for the
 * repository: here and in every directory above.
 */
export async function checkRepository(directory: string, options: CheckRepositoryOptions = {}): Promise<void> {
  const top = await realpath(directory).catch(() => resolve(directory));
  const check = new GitDirectoryCheck(hostPath(top), options.signal);
  for (let place = top; ; place = dirname(place)) {
    // Git takes any directory with a HEAD for a repository, and opens it to find out.
    await refuseEndlessFile(below(hostPath(place), "HEAD"));
    if (await checkDotGit(hostPath(place), ".git", check)) {
      await checkNamesBetween(top, place);
      break;
    }
    if (await isBare(place)) {
      await check.check(hostPath(place));
      break;
    }
    if (place === dirname(place)) break;
  }
  if (options.workTree) await checkWorkTree(hostPath(top), check, options.signal);
}

/** A directory inside a repository is also ruled by the ignore and attribute files above it. */
async function checkNamesBetween(directory: string, top: string): Promise<void> {
  for (let place = directory; ; place = dirname(place)) {
    for (const name of readByGit) await refuseEndlessFile(below(hostPath(place), name));
    if (place === top) return;
  }
}

async function isBare(place: string): Promise<boolean> {
  const names = await Promise.all(["HEAD", "objects", "refs"].map((name) => pathExists(below(hostPath(place), name))));
  return names.every(Boolean);
}

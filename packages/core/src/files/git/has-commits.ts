import { hostGit } from "./host-git.ts";

const timeoutMs = 10_000;

/**
 * Whether a run's commits are in the repository of a directory already. They come all at once, so one of their references
 * tells. Without git, without a repository, or in one that git is not let into, they are not there.
 */
export async function hasCommits(target: string, runId: string): Promise<boolean> {
  try {
    const args = ["for-each-ref", "--count=1", "--format=%(refname)", `refs/glovebox/${runId}/`];
    const { exitCode, stdout } = await hostGit(args, { cwd: target, timeoutMs });
    return exitCode === 0 && stdout.toString("utf8").trim() !== "";
  } catch {
    return false;
  }
}

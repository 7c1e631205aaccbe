import { execFile } from "node:child_process";
import { devNull } from "node:os";

/**
 * Whether a run's commits are in the repository of a folder already. They come all at once, so one of their references
 * tells. `for-each-ref` with nothing but names looks at no object and starts nothing that a repository could name; no
 * variable that leads to another repository reaches it. Without git, or without a repository, they are not there.
 */
export async function hasCommits(target: string, runId: string): Promise<boolean> {
  const args = ["--no-pager", "-c", "safe.directory=*", "for-each-ref", "--count=1", "--format=%(refname)"];
  const env = {
    PATH: process.env.PATH,
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
  };
  return await new Promise((resolve) => {
    execFile("git", [...args, `refs/glovebox/${runId}/`], { cwd: target, env, timeout: 10_000 }, (error, stdout) =>
      resolve(error === null && stdout.trim() !== ""),
    );
  });
}

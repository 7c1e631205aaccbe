import { join, resolve } from "node:path";
import { readHostFile } from "../../host-files/read-host-file.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { type HostGitResult, hostGit } from "./host-git.ts";

/** What is known of the repository that a workspace lies in. */
export interface GitWorkspace {
  /** From the repository's top to the workspace, with a trailing slash; empty when it is the top. */
  readonly prefix: string;
  /** The repository's directory, and the one that it shares with its worktrees. */
  readonly gitDir: string;
  readonly commonDir: string;
  readonly objectFormat: string;
  /** The commit that is checked out; absent before the first one. */
  readonly head?: string;
  /** The branch's full name, `refs/heads/main`; absent when none is checked out. */
  readonly branch?: string;
  /** Of a shallow clone: the commits at which its history ends. */
  readonly shallow?: string;
}

const maxShallowBytes = 16 * 1024 * 1024;

/** `undefined` when the directory is in no repository or git is not installed. */
export async function findGitWorkspace(workspace: string, signal?: AbortSignal): Promise<GitWorkspace | undefined> {
  const ask = (...args: string[]) => hostGit(args, { cwd: workspace, signal });
  const places = ["--is-inside-work-tree", "--absolute-git-dir", "--git-common-dir", "--show-prefix"];
  const [inside, gitDir = "", commonDir = "", ...prefix] = lines(await ask("rev-parse", ...places));
  if (inside !== "true") return undefined;
  const [head, branch, format] = await Promise.all([
    ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}"),
    ask("symbolic-ref", "--quiet", "HEAD"),
    ask("rev-parse", "--show-object-format"),
  ]);
  const common = resolve(workspace, commonDir);
  return dropUndefined({
    prefix: prefix.join("\n"),
    gitDir,
    commonDir: common,
    // Versions that do not know the question know one format.
    objectFormat: format.exitCode === 0 ? (lines(format)[0] ?? "sha1") : "sha1",
    head: head.exitCode === 0 ? lines(head)[0] : undefined,
    branch: branch.exitCode === 0 ? lines(branch)[0] : undefined,
    shallow: await readShallow(common),
  });
}

async function readShallow(commonDir: string): Promise<string | undefined> {
  const path = join(commonDir, "shallow");
  const bytes = await readHostFile(path, { maxBytes: maxShallowBytes, noFollow: true }).catch(() => undefined);
  const shallow = bytes?.toString("latin1");
  return shallow !== undefined && /^([0-9a-f]{40,64}\n)+$/.test(shallow) ? shallow : undefined;
}

function lines(result: HostGitResult): string[] {
  return result.stdout.toString("utf8").replace(/\n$/, "").split("\n");
}

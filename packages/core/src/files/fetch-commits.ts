import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { SandboxFileError } from "../errors/index.ts";
import { type BundleHeader, readBundleHeader } from "./bundle-header.ts";
import { gitExit, type HostGitResult, hostGit, spawnHostGit } from "./host-git.ts";

export interface FetchCommitsOptions {
  readonly bundle: string;
  /** A folder in the repository that gets the commits. */
  readonly target: string;
  readonly runId: string;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchedCommit {
  readonly ref: string;
  readonly commit: string;
}

/**
 * Puts the commits of a bundle into a repository, under `refs/glovebox/RUN/`. Nothing is checked out, and no branch of the
 * repository moves. Every object passes git's strictest check first. It does not go through `git fetch`, which reads
 * remotes and address rewriting from the repository's configuration, and which checks bundles only in late versions.
 */
export async function fetchCommits(options: FetchCommitsOptions): Promise<readonly FetchedCommit[]> {
  const { bundle, target, runId, signal } = options;
  if (!/^[\w-][\w.-]*$/.test(runId))
    throw new SandboxFileError(`The run's id cannot be part of a git reference: ${runId}`);
  const git = async (args: string[], input = "") => must(await hostGit(args, { cwd: target, input, signal }), args);
  const header = await readBundleHeader(bundle);
  for (const commit of header.prerequisites) {
    const there = await hostGit(["cat-file", "-e", `${commit}^{commit}`], { cwd: target, signal });
    if (there.exitCode !== 0)
      throw new SandboxFileError(`The commits build on ${commit}, which is not in this repository`);
  }
  await unpack(header, options);
  const tips = header.refs.map((ref) => ref.commit).join("\n");
  await git(["rev-list", "--objects", "--quiet", "--stdin", "--not", "--all"], `${tips}\n`);
  const fetched = header.refs.map((ref) => ({
    ref: `refs/glovebox/${runId}/${ref.name.replace(/^refs\/heads\//, "heads/")}`,
    commit: ref.commit,
  }));
  await git(["update-ref", "--stdin"], fetched.map((one) => `update ${one.ref} ${one.commit}\n`).join(""));
  return fetched;
}

async function unpack(header: BundleHeader, options: FetchCommitsOptions): Promise<void> {
  const { bundle, target, signal } = options;
  const args = ["index-pack", "--stdin", "--fix-thin", "--strict"];
  const child = spawnHostGit(args, { cwd: target, signal });
  child.stdout.resume();
  const end = gitExit(child, signal);
  // A pack that is refused closes the pipe: its exit says why.
  await pipeline(createReadStream(bundle, { start: header.packOffset }), child.stdin).catch(() => {});
  const { exitCode, stderr } = await end;
  if (exitCode !== 0) throw new SandboxFileError(`git refused the commits: ${stderr.slice(-300)}`);
}

function must(result: HostGitResult, args: readonly string[]): HostGitResult {
  if (result.exitCode === 0) return result;
  throw new SandboxFileError(`git ${args[0]} failed: ${result.stderr.slice(-300)}`);
}

import { SandboxFileError } from "../../errors/index.ts";
import { readBundleHeader } from "../git/bundle-header.ts";
import { type HostGitResult, hostGit } from "../git/host-git.ts";
import { unpackBundle } from "../git/unpack-bundle.ts";
import { bundledRefs } from "./bundled-refs.ts";

export interface FetchCommitsOptions {
  readonly bundle: string;
  /** A directory in the repository that gets the commits. */
  readonly target: string;
  readonly runId: string;
  readonly signal?: AbortSignal | undefined;
}

const timeoutMs = 10 * 60_000;

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
  const git = async (args: string[], input = "") =>
    must(await hostGit(args, { cwd: target, input, signal, timeoutMs }), args);
  const header = await readBundleHeader(bundle);
  const requested = header.prerequisites.map((commit) => `${commit}^{commit}\n`).join("");
  const answers = (await git(["cat-file", "--batch-check"], requested)).stdout.toString("utf8").split("\n");
  const missing = header.prerequisites.find((_, index) => answers[index]?.endsWith(" missing"));
  if (missing !== undefined)
    throw new SandboxFileError(`The commits build on ${missing}, which is not in this repository`);
  await unpackBundle(header, { bundle, directory: target, signal });
  const tips = header.refs.map((ref) => ref.commit).join("\n");
  await git(["rev-list", "--objects", "--quiet", "--stdin", "--not", "--all"], `${tips}\n`);
  const fetched = await bundledRefs(bundle, runId);
  await git(["update-ref", "--stdin"], fetched.map((one) => `update ${one.ref} ${one.commit}\n`).join(""));
  return fetched;
}

function must(result: HostGitResult, args: readonly string[]): HostGitResult {
  if (result.exitCode === 0) return result;
  throw new SandboxFileError(`git ${args[0]} failed: ${result.stderr.slice(-300)}`);
}

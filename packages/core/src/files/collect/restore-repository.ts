import { randomBytes } from "node:crypto";
import { lstat, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SandboxFileError } from "../../errors/index.ts";
import { readBundleHeader } from "../git/bundle-header.ts";
import { nameOfGathered } from "../git/bundle-refs.ts";
import { type HostGitResult, hostGit } from "../git/host-git.ts";
import { unpackBundle } from "../git/unpack-bundle.ts";
import type { GatheredRefs } from "./gather-refs.ts";

export interface RestoreRepositoryOptions {
  /** The directory on the host that gets a `.git`. */
  readonly directory: string;
  readonly gathered: GatheredRefs;
  /** Absent when there is no commit yet. */
  readonly bundle?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Recreates a repository of the sandbox on the host, from its commits alone. Git on the host writes all of it: no file of
 * the old one is taken over, so that it has no hook, no setting and no way to another repository.
 */
export async function restoreRepository(options: RestoreRepositoryOptions): Promise<void> {
  const { directory } = options;
  const place = join(directory, ".git");
  if ((await lstat(place).catch(() => undefined)) !== undefined) {
    throw new SandboxFileError("there is a .git in its place already");
  }
  const partial = join(directory, `.git.glovebox-${randomBytes(8).toString("hex")}`);
  try {
    await fill(partial, options);
    await rename(partial, place);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function fill(gitDir: string, options: RestoreRepositoryOptions): Promise<void> {
  const { directory, gathered, bundle, signal } = options;
  const git = async (args: readonly string[], input = "", cwd = gitDir) =>
    must(await hostGit(args, { cwd, input, signal }), args);
  const branch = gathered.branch?.replace(/^refs\/heads\//, "") ?? "main";
  const format = `--object-format=${gathered.objectFormat}`;
  await git(["init", "--quiet", "--bare", "--template=", format, `--initial-branch=${branch}`, gitDir], "", directory);
  if (bundle !== undefined) {
    const header = await readBundleHeader(bundle);
    await unpackBundle(header, { bundle, directory: gitDir, signal });
    const refs = header.refs.map((ref) => ({ ...ref, name: placeOf(nameOfGathered(ref.name)) }));
    const commands = refs.map(({ name, commit }) => `update ${name} ${commit}\n`);
    await git(["update-ref", "--stdin"], commands.join(""));
    await restoreStash(git, refs);
    const head = refs.find(({ name }) => name === "refs/glovebox/HEAD");
    if (gathered.branch === undefined && head !== undefined)
      await git(["update-ref", "--no-deref", "HEAD", head.commit]);
    if (head !== undefined) await git(["read-tree", "HEAD"]);
  }
  await git(["config", "core.logAllRefUpdates", "true"]);
  await git(["config", "core.bare", "false"]);
}

type Git = (args: readonly string[]) => Promise<HostGitResult>;

/** Stashes are entries of a reflog, the last one first. */
async function restoreStash(git: Git, refs: readonly { readonly name: string; readonly commit: string }[]) {
  const number = (name: string) => Number(/^refs\/glovebox\/stash\/(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  const stashes = refs.filter(({ name }) => number(name) >= 0).sort((a, b) => number(b.name) - number(a.name));
  for (const { commit } of stashes) {
    await git(["update-ref", "--create-reflog", "-m", "brought back by Glovebox", "refs/stash", commit]);
  }
}

function placeOf(name: string): string {
  if (name.startsWith("refs/")) return name;
  return /^(heads|tags|notes|remotes)\//.test(name) ? `refs/${name}` : `refs/glovebox/${name}`;
}

function must(result: HostGitResult, args: readonly string[]): HostGitResult {
  if (result.exitCode === 0) return result;
  throw new SandboxFileError(`git ${args[0]} failed: ${result.stderr.slice(-300)}`);
}

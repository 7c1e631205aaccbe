import { pipeline } from "node:stream/promises";
import { SandboxFileError } from "../../errors/index.ts";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import type { BundleHeader } from "./bundle-header.ts";
import { gitExit, spawnHostGit } from "./host-git.ts";

export interface UnpackBundleOptions {
  readonly bundle: string;
  /** A directory in the repository that gets the objects, or the repository itself. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/** Puts a bundle's objects into a repository, each after git's strictest check. No reference is made. */
export async function unpackBundle(header: BundleHeader, options: UnpackBundleOptions): Promise<void> {
  const { bundle, directory, signal } = options;
  const args = ["index-pack", "--stdin", "--fix-thin", "--strict"];
  const child = spawnHostGit(args, { cwd: directory, signal });
  child.stdout.resume();
  const end = gitExit(child, signal);
  // A pack that is refused closes the pipe: its exit says why.
  await pipeline(streamHostFile(bundle, { start: header.packOffset }), child.stdin).catch(() => {});
  const { exitCode, stderr } = await end;
  if (exitCode !== 0) throw new SandboxFileError(`git refused the commits: ${stderr.slice(-300)}`);
}

import { makeHostDirectory } from "../../host-files/make-host-directory.ts";
import { excludeOutputs } from "../../output/exclude-outputs.ts";
import type { Baseline } from "../baseline/baseline.ts";
import { findGitWorkspace, type GitWorkspace } from "../git/git-workspace.ts";
import { type KeepFilesOptions, keepFiles } from "./keep-files.ts";
import { listWorkspace } from "./list-workspace.ts";

/** How `sendFiles` reads a project. */
export interface SendFilesOptions extends KeepFilesOptions {
  /** The state directory that keeps what runs have written: no output goes in. Default: the run's own. */
  readonly home?: string;
}

/** Reads the files of a project that go into a sandbox as an archive, which `send` takes to its end. Keeps what it has read. */
export async function sendFiles(
  options: SendFilesOptions,
  send: (archive: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<{ readonly git: GitWorkspace | undefined; readonly baseline: Baseline }> {
  const { workspace, runDirectory, signal } = options;
  await makeHostDirectory(runDirectory, 0o700);
  options.onProgress?.("listing the workspace");
  const git = await findGitWorkspace(workspace, signal);
  const paths = await excludeOutputs(await listWorkspace(options), options);
  const sent = await keepFiles(options, paths, send);
  return { git, baseline: { v: 1, workspace, prefix: git?.prefix ?? "", ...sent } };
}

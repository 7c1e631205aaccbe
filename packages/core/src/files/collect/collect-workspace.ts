import { realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { SandboxError, SandboxFileError } from "../../errors/index.ts";
import { makeHostDirectory } from "../../host-files/make-host-directory.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import { type Baseline, readBaseline } from "../baseline/baseline.ts";
import { compareWithBaseline } from "../baseline/compare-baseline.ts";
import type { Extraction } from "../extract/extraction.ts";
import { createIgnoreFilter, type IgnoreFilter } from "../ignore/ignore-filter.ts";
import { dropUnchangedComponents } from "../install/drop-unchanged-components.ts";
import { type InstallBaseline, readInstallBaseline } from "../install/install-baseline.ts";
import type { CollectedFiles, CollectedRepository } from "../manifest.ts";
import { collectArchive } from "./collect-archive.ts";
import { callOptions } from "./collect-call-options.ts";
import { type CollectedCommits, collectCommits } from "./collect-commits.ts";
import { collectFiles } from "./collect-files.ts";
import type { CollectLimits } from "./collect-limits.ts";
import { collectRepositories } from "./collect-repositories.ts";
import { findHostExecutables } from "./host-executables.ts";
import { type OutputDirectory, prepareOutputDirectory } from "./output-directory.ts";
import { writePatch } from "./write-patch.ts";

/** How `collectWorkspace` collects. */
export interface CollectOptions {
  /** Where the files go, an absolute path on the host. Made when it is missing. */
  readonly outputDirectory: string;
  /** The run's state directory on the host, the same that the upload had. */
  readonly runDirectory: string;
  /** The state directory that keeps what runs have written to an output. Default: the run's own. */
  readonly home?: string;
  /** Lets files in the output give way that no run wrote. */
  readonly overwrite?: boolean;
  /** Where the files go when the output can no longer be used; it is this machine's own, so links to it are followed. */
  readonly fallbackDirectory?: string;
  /** The project that went in, when there was one. */
  readonly workspace?: string;
  /** What is left out, in .gitignore syntax. */
  readonly ignore: readonly string[];
  readonly limits?: CollectLimits;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  /** Codes: `output`, `baseline`, `commits`, `repository`, `patch`. */
  onWarning?(code: string, message: string): void;
}

/** What `collectWorkspace` brought back. */
export interface Collection {
  readonly files: CollectedFiles;
  /**
   * Why the collection broke off, where another one may bring more; then `files.complete` is false and what was written
   * stays. A result that is past what is taken at all is not complete and has no error: `files.skipped` says why.
   */
  readonly error?: SandboxError;
}

const gibibyte = 1024 ** 3;
const maxBundleBytes = 2 * gibibyte;

/**
 * Brings everything in the sandbox's workspace back: the files, and for a project that went in its changes as a patch and
 * the agent's commits as a bundle. The caller has quiesced the sandbox. Rejects only when the output directory cannot be
 * used; everything else that goes wrong is in the answer, next to what was brought back by then.
 */
export async function collectWorkspace(sandbox: Sandbox, options: CollectOptions): Promise<Collection> {
  const filter = createIgnoreFilter(options.ignore);
  const output = await openOutput(options, filter);
  const directory = output.path;
  const baseline = await openBaseline(options);
  const commits = await bringCommits(sandbox, options, baseline);
  const brought = await collectFiles(sandbox, options, { output, baseline, filter });
  const installed = await openInstalled(options);
  const extraction = installed === null ? brought : dropUnchangedComponents(brought, directory, installed, baseline);
  const found = await bringRepositories(sandbox, options, directory, extraction);
  const repositories = [...(commits.kept ?? []), ...found.collected];
  keepRecord(output, extraction, options);
  const manifest = compareWithBaseline(extraction, baseline, installed, filter.ignores);
  const patch = await makePatch(options, directory, baseline, manifest);
  return {
    files: {
      directory,
      complete: extraction.complete,
      manifest,
      skipped: [...extraction.skipped],
      executable: findHostExecutables(directory, manifest),
      bytes: extraction.bytes,
      ...(patch === undefined ? {} : { patch }),
      ...commits.brought,
      ...(repositories.length === 0 ? {} : { repositories }),
    },
    ...dropUndefined({ error: extraction.error ?? found.error }),
  };
}

async function bringRepositories(
  sandbox: Sandbox,
  options: CollectOptions,
  directory: string,
  extraction: Extraction,
): Promise<{ readonly collected: CollectedRepository[]; readonly error?: SandboxError }> {
  const { repositories } = extraction;
  if (repositories.length === 0 || extraction.error !== undefined) return { collected: [] };
  options.onProgress?.("collecting the repositories");
  try {
    const collected = await collectRepositories(sandbox, {
      ...options,
      directory,
      repositories,
      maxBytes: maxBundleBytes,
    });
    // Reading a repository starts what the agent set up in it.
    await sandbox.quiesce(callOptions(options));
    return { collected };
  } catch (cause) {
    if (SandboxError.isInstance(cause)) return { collected: [], error: cause };
    return { collected: [], error: new SandboxFileError("The repositories could not be brought back", { cause }) };
  }
}

/** A run can take hours, and the place can have changed since it began: then nothing is lost, and nothing written over. */
async function openOutput(options: CollectOptions, filter: IgnoreFilter): Promise<OutputDirectory> {
  const { runDirectory, home = runDirectory, workspace, overwrite, fallbackDirectory } = options;
  const open = (outputDirectory: string) =>
    prepareOutputDirectory({
      outputDirectory,
      workspace,
      home,
      runId: basename(runDirectory),
      overwrite,
      ignores: filter.ignores,
    });
  try {
    return await open(options.outputDirectory);
  } catch (error) {
    if (fallbackDirectory === undefined || options.signal?.aborted) throw error;
    await makeHostDirectory(fallbackDirectory, 0o700);
    const output = await open(await realpath(fallbackDirectory));
    options.onWarning?.("output", `${(error as Error).message}. The files are in ${output.path}`);
    return output;
  }
}

/** Without it a later run refuses to write over these files. */
function keepRecord(output: OutputDirectory, extraction: Extraction, options: CollectOptions): void {
  try {
    output.finish(extraction.entries.values());
  } catch (error) {
    options.onWarning?.("output", `What was written could not be recorded: ${(error as Error).message}`);
  }
}

/** Without it the files still come back, only not compared. */
async function openBaseline(options: CollectOptions): Promise<Baseline | null> {
  try {
    const baseline = await readBaseline(options.runDirectory);
    if (baseline !== null || options.workspace === undefined) return baseline;
    options.onWarning?.("baseline", "The upload was not finished, so the files are not compared with what went in");
  } catch (error) {
    options.onWarning?.("baseline", (error as Error).message);
  }
  return null;
}

/** Without it what was installed comes back as if the agent had made it. */
async function openInstalled(options: CollectOptions): Promise<InstallBaseline | null> {
  try {
    return await readInstallBaseline(options.runDirectory);
  } catch (error) {
    options.onWarning?.("baseline", (error as Error).message);
    return null;
  }
}

/** The agent's commits in the repository that went in; where git cannot read it, the repository as an archive. */
async function bringCommits(
  sandbox: Sandbox,
  options: CollectOptions,
  baseline: Baseline | null,
): Promise<{ readonly brought?: CollectedCommits | undefined; readonly kept?: CollectedRepository[] }> {
  if (baseline?.known === undefined) return {};
  const { known, indexTree } = baseline;
  options.onProgress?.("collecting the commits");
  try {
    return { brought: await collectCommits(sandbox, { ...options, known, indexTree, maxBytes: maxBundleBytes }) };
  } catch (error) {
    const reason = `The agent's commits could not be brought back: ${(error as Error).message}`;
    const file = join(options.runDirectory, "commits.tar");
    try {
      const gitDirectory = `${workspaceDir}/.git`;
      await collectArchive(sandbox, {
        directory: gitDirectory,
        path: file,
        maxBytes: maxBundleBytes,
        signal: options.signal,
      });
      options.onWarning?.("commits", `${reason}. The repository is kept unopened in ${file}`);
      return { kept: [{ path: "", state: "archive", file }] };
    } catch {
      // The first reason is the one that tells why.
      options.onWarning?.("commits", reason);
      return {};
    }
  }
}

async function makePatch(
  options: CollectOptions,
  directory: string,
  baseline: Baseline | null,
  manifest: Collection["files"]["manifest"],
): Promise<string | undefined> {
  if (baseline === null || !baseline.snapshot) return undefined;
  options.onProgress?.("making the patch");
  try {
    return await writePatch({ ...options, directory, baseline, manifest });
  } catch (error) {
    options.onWarning?.("patch", `There is no patch: ${(error as Error).message}`);
    return undefined;
  }
}

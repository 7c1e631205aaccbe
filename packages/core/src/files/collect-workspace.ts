import { SandboxError, SandboxFileError } from "../errors/index.ts";
import type { CallOptions } from "../provider/call-options.ts";
import { type Sandbox, workspaceDir } from "../provider/sandbox.ts";
import type { RunResult, SkippedEntry } from "../run/run-result.ts";
import type { CollectLimits } from "../run/run-spec.ts";
import { type Baseline, readBaseline } from "./baseline.ts";
import { collectCommits } from "./collect-commits.ts";
import { compareWithBaseline } from "./compare-baseline.ts";
import { probeDisk } from "./disk-traits.ts";
import { extractArchive } from "./extract-archive.ts";
import type { Extraction, ExtractOptions } from "./extraction.ts";
import { findHostExecutables } from "./host-executables.ts";
import { createIgnoreFilter, type IgnoreFilter } from "./ignore-filter.ts";
import { type Installed, readInstalled } from "./installed.ts";
import { leaveOutInstalled } from "./leave-out-installed.ts";
import { prepareOutputDirectory } from "./output-directory.ts";
import { writePatch } from "./write-patch.ts";

export interface CollectOptions {
  /** Where the files go, an absolute path on the host. Made when it is missing. */
  readonly outputDir: string;
  /** The run's state folder on the host, the same that the upload had. */
  readonly runDir: string;
  /** The project that went in, when there was one. */
  readonly workspace?: string;
  /** What is left out, in the words of .gitignore. */
  readonly ignore: readonly string[];
  readonly limits?: CollectLimits;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  /** Codes: `baseline`, `commits`, `patch`. */
  onWarning?(code: string, message: string): void;
}

export interface Collection {
  readonly files: NonNullable<RunResult["files"]>;
  /**
   * Why the collection broke off, where another one may bring more; then `files.complete` is false and what was written
   * stays. A result that is past what is taken at all is not complete and has no error: `files.skipped` says why.
   */
  readonly error?: SandboxError;
}

const gibibyte = 1024 ** 3;
const maxBundleBytes = 2 * gibibyte;
const stopAboveBytes = gibibyte / 4;
const maxAround = 16;

/**
 * Brings everything in the sandbox's workspace back: the files, and for a project that went in its changes as a patch and
 * the agent's commits as a bundle. The caller has quiesced the sandbox. Rejects only when the output folder cannot be
 * used; everything else that goes wrong is in the answer, next to what was brought back by then.
 */
export async function collectWorkspace(sandbox: Sandbox, options: CollectOptions): Promise<Collection> {
  const directory = await prepareOutputDirectory(options.outputDir, options.workspace);
  const baseline = await openBaseline(options);
  const bundle = await bringCommits(sandbox, options, baseline);
  const filter = createIgnoreFilter(options.ignore);
  const brought = await bringFiles(sandbox, options, directory, baseline, filter);
  const installed = await openInstalled(options);
  const extraction = installed === null ? brought : leaveOutInstalled(brought, directory, installed, baseline);
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
      ...(bundle === undefined ? {} : { bundle }),
    },
    ...(extraction.error === undefined ? {} : { error: extraction.error }),
  };
}

/** Without it the files still come back, only not compared. */
async function openBaseline(options: CollectOptions): Promise<Baseline | null> {
  try {
    const baseline = await readBaseline(options.runDir);
    if (baseline !== null || options.workspace === undefined) return baseline;
    options.onWarning?.("baseline", "The upload was not finished, so the files are not compared with what went in");
  } catch (error) {
    options.onWarning?.("baseline", (error as Error).message);
  }
  return null;
}

/** Without it what was installed comes back as if the agent had made it. */
async function openInstalled(options: CollectOptions): Promise<Installed | null> {
  try {
    return await readInstalled(options.runDir);
  } catch (error) {
    options.onWarning?.("baseline", (error as Error).message);
    return null;
  }
}

async function bringCommits(sandbox: Sandbox, options: CollectOptions, baseline: Baseline | null) {
  if (baseline?.head === undefined) return undefined;
  const { runDir, signal } = options;
  options.onProgress?.("collecting the commits");
  try {
    return await collectCommits(sandbox, { runDir, head: baseline.head, maxBytes: maxBundleBytes, signal });
  } catch (error) {
    options.onWarning?.("commits", `The agent's commits could not be brought back: ${(error as Error).message}`);
    return undefined;
  }
}

async function bringFiles(
  sandbox: Sandbox,
  options: CollectOptions,
  directory: string,
  baseline: Baseline | null,
  filter: IgnoreFilter,
): Promise<Extraction> {
  try {
    // The agent's own git configuration can have started something while its commits were read.
    if (baseline?.head !== undefined) await sandbox.quiesce(callOptions(options));
    // The history that went in is left out silently; a .git that the agent made is named.
    const exclude = baseline?.head === undefined ? filter.exclude : [...filter.exclude, "./.git"];
    return await extractAround(sandbox, options, exclude, {
      directory,
      traits: probeDisk(directory),
      totalBytes: options.limits?.totalBytes ?? 10 * gibibyte,
      fileBytes: options.limits?.fileBytes ?? 5 * gibibyte,
      ignores: filter.ignores,
      refuseDotGit: options.workspace !== undefined || baseline !== null,
      ...callOptions(options),
      onProgress: (entries) => options.onProgress?.("collecting the files", entries),
    });
  } catch (cause) {
    const error = SandboxError.isInstance(cause)
      ? cause
      : new SandboxFileError("The files could not be brought back", { cause });
    return { entries: new Map(), skipped: [], left: new Set(), bytes: 0, complete: false, error };
  }
}

/**
 * A file past the limits can be far larger than anything that is worth reading over (a sparse file of terabytes costs the
 * agent nothing): then the archive is asked for again without it, so that what comes after it is not lost.
 */
async function extractAround(
  sandbox: Sandbox,
  options: CollectOptions,
  exclude: readonly string[],
  extract: ExtractOptions,
): Promise<Extraction> {
  const around: SkippedEntry[] = [];
  for (;;) {
    options.onProgress?.("collecting the files");
    const archive = await sandbox.files.getArchive(workspaceDir, {
      exclude: [...exclude, ...around.map(({ path }) => `./${path}`)],
      reuseBuffers: true,
      ...callOptions(options),
    });
    const mayStop = around.length < maxAround;
    const extraction = await extractArchive(archive, { ...extract, ...(mayStop ? { stopAboveBytes } : {}) });
    if (extraction.tooLarge !== undefined) {
      around.push(extraction.tooLarge);
      continue;
    }
    const paths = new Set(around.map(({ path }) => path));
    const left = new Set([...extraction.left, ...paths]);
    const skipped = [...around, ...extraction.skipped.filter(({ path }) => !paths.has(path))];
    return { ...extraction, left, skipped };
  }
}

function callOptions(options: CollectOptions): CallOptions {
  return options.signal === undefined ? {} : { signal: options.signal };
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

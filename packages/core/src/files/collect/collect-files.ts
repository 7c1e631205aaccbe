import { SandboxError, SandboxFileError } from "../../errors/index.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import { limitSettings } from "../../run-settings/limit-settings.ts";
import type { Baseline } from "../baseline/baseline.ts";
import { extractArchive } from "../extract/extract-archive.ts";
import type { ExtractedEntry, Extraction, ExtractOptions } from "../extract/extraction.ts";
import type { IgnoreFilter } from "../ignore/ignore-filter.ts";
import type { SkippedEntry } from "../manifest.ts";
import { probeFilesystem } from "../paths/filesystem-traits.ts";
import { callOptions } from "./collect-call-options.ts";
import type { CollectOptions } from "./collect-workspace.ts";
import type { OutputDirectory } from "./output-directory.ts";

const stopAboveBytes = 1024 ** 3 / 4;
const maxAround = 16;

export interface CollectFilesContext {
  readonly output: OutputDirectory;
  readonly baseline: Baseline | null;
  readonly filter: IgnoreFilter;
}

/** Brings the files of the workspace into the output directory. What goes wrong is in the result, with what came by then. */
export async function collectFiles(
  sandbox: Sandbox,
  options: CollectOptions,
  { output, baseline, filter }: CollectFilesContext,
): Promise<Extraction> {
  const directory = output.path;
  try {
    // The agent's own git configuration can have started something while its commits were read.
    const hasHistory = baseline?.known !== undefined;
    if (hasHistory) await sandbox.quiesce(callOptions(options));
    // The history that went in has come as a bundle; a repository that the agent made is found in the archive.
    const exclude = hasHistory ? [...filter.exclude, "./.git"] : filter.exclude;
    return await extractAround(
      sandbox,
      options,
      { exclude, output },
      {
        directory,
        traits: probeFilesystem(directory),
        totalBytes: options.limits?.totalBytes ?? defaultBytes(limitSettings.maxTotalSize),
        fileBytes: options.limits?.fileBytes ?? defaultBytes(limitSettings.maxFileSize),
        ignores: filter.ignores,
        existing: output.existing,
        before: new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry])),
        ...callOptions(options),
        onProgress: (entries) => options.onProgress?.("collecting the files", entries),
      },
    );
  } catch (cause) {
    const error = SandboxError.isInstance(cause)
      ? cause
      : new SandboxFileError("The files could not be brought back", { cause });
    return {
      entries: new Map(),
      skipped: [],
      left: new Set(),
      replaced: new Map(),
      repositories: [],
      bytes: 0,
      complete: false,
      error,
    };
  }
}

/**
 * A file past the limits can be far larger than anything that is worth reading over (a sparse file of terabytes costs the
 * agent nothing): then the archive is asked for again without it, so that what comes after it is not lost.
 */
async function extractAround(
  sandbox: Sandbox,
  options: CollectOptions,
  { exclude, output }: { readonly exclude: readonly string[]; readonly output: OutputDirectory },
  extract: ExtractOptions,
): Promise<Extraction> {
  const around: SkippedEntry[] = [];
  const replaced = new Map<string, ExtractedEntry>();
  for (;;) {
    options.onProgress?.("collecting the files");
    const archive = await sandbox.files.getArchive(workspaceDir, {
      exclude: [...exclude, ...around.map(({ path }) => `./${path}`)],
      reuseBuffers: true,
      ...callOptions(options),
    });
    const mayStop = around.length < maxAround;
    const extraction = await extractArchive(archive, { ...extract, ...(mayStop ? { stopAboveBytes } : {}) });
    for (const [path, before] of extraction.replaced) replaced.set(path, before);
    if (extraction.tooLarge !== undefined) {
      output.wrote(extraction.entries.keys());
      around.push(extraction.tooLarge);
      continue;
    }
    const paths = new Set(around.map(({ path }) => path));
    const left = new Set([...extraction.left, ...paths]);
    const skipped = [...around, ...extraction.skipped.filter(({ path }) => !paths.has(path))];
    return { ...extraction, left, skipped, replaced };
  }
}

function defaultBytes(size: { readonly default: number; readonly specFactor: number }): number {
  return size.default * size.specFactor;
}

import { basename } from "node:path";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { parseBaseline, readBaseline, writeBaseline } from "../baseline/baseline.ts";
import { SnapshotStore } from "../baseline/snapshot-store.ts";
import { findHostExecutables } from "../collect/host-executables.ts";
import { prepareOutputDirectory } from "../collect/output-directory.ts";
import { writePatch } from "../collect/write-patch.ts";
import { extractArchive } from "../extract/extract-archive.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import { createIgnoreFilter } from "../ignore/ignore-filter.ts";
import type { CollectedFiles, ManifestEntry, SkippedEntry } from "../manifest.ts";
import { probeFilesystem } from "../paths/filesystem-traits.ts";

/** How `receiveFiles` brings the files of a run on another machine to this one. */
export interface ReceiveFilesOptions {
  /** The files as a tar stream. Nothing in it is trusted. */
  readonly archive: AsyncIterable<Uint8Array>;
  /** What the other machine collected. */
  readonly files: CollectedFiles;
  /** Where the files go, an absolute path. Made when it is missing. */
  readonly outputDirectory: string;
  /** The run's state directory on this machine, the same that `packWorkspace` had. */
  readonly runDirectory: string;
  /** The state directory that keeps what runs have written to an output. */
  readonly home: string;
  /** The project that went in, when there was one. */
  readonly workspace?: string | undefined;
  /** Lets files in the output give way that no run wrote. */
  readonly overwrite?: boolean | undefined;
  /** What the result leaves out, in .gitignore syntax: such files in the output are in nobody's way. */
  readonly ignore?: readonly string[];
  /** What went in, as the other machine says: used where this one did not send it. */
  readonly baseline?: unknown;
  /** The agent's commits, where they were received. */
  readonly bundle?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  onProgress?(message: string, done?: number, total?: number): void;
  /** Codes: `patch`. */
  onWarning?(code: string, message: string): void;
}

/**
 * Writes the files of a run on another machine to the output directory, by the rules for what comes from a sandbox, and checks
 * each against its hash in the manifest. A file that is missing, or not as the manifest says, is among `skipped`, and the result
 * is not complete. Rejects only when the output directory cannot be used.
 */
export async function receiveFiles(options: ReceiveFilesOptions): Promise<CollectedFiles> {
  const { files, outputDirectory, runDirectory, home, workspace, overwrite, signal } = options;
  await keepBaseline(options);
  const { ignores } = createIgnoreFilter(options.ignore ?? []);
  const runId = basename(runDirectory);
  const output = await prepareOutputDirectory({ outputDirectory, workspace, home, runId, overwrite, ignores });
  const extraction = await extractArchive(options.archive, {
    ...{ directory: output.path, traits: probeFilesystem(output.path), existing: output.existing, ...sizesOf(files) },
    ignores: () => false,
    ...dropUndefined({ signal }),
    onProgress: (entries) => options.onProgress?.("receiving the files", entries, files.manifest.length),
  });
  output.finish(extraction.entries.values());
  const { manifest, missing } = compare(files.manifest, extraction.entries, extraction.skipped);
  const patch = await makePatch(options, output.path, manifest);
  return {
    ...{ directory: output.path, manifest, bytes: extraction.bytes },
    complete: files.complete && extraction.complete && missing.length === 0,
    skipped: [...files.skipped, ...missing],
    executable: findHostExecutables(output.path, manifest),
    ...dropUndefined({ patch, bundle: options.bundle, refs: options.bundle === undefined ? undefined : files.refs }),
  };
}

/** What the changes are compared with where the files went in from another machine: their content is not kept here. */
async function keepBaseline({ baseline, runDirectory, workspace }: ReceiveFilesOptions): Promise<void> {
  if (baseline === undefined || (await readBaseline(runDirectory)) !== null) return;
  const { known: _, head: __, indexTree: ___, ...parsed } = parseBaseline(baseline);
  await writeBaseline(runDirectory, { ...parsed, workspace: workspace ?? "", snapshot: false });
}

/** The limits of the archive: what the manifest says, and no more. */
function sizesOf({ manifest }: CollectedFiles) {
  const sizes = manifest.flatMap(({ kind, change, size = 0 }) =>
    kind === "file" && change !== "deleted" ? [size] : [],
  );
  return {
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
    fileBytes: sizes.reduce((most, size) => Math.max(most, size), 0),
    maxEntries: manifest.length * 2 + 100,
  };
}

function compare(
  manifest: readonly ManifestEntry[],
  written: ReadonlyMap<string, ExtractedEntry>,
  skipped: readonly SkippedEntry[],
): { readonly manifest: ManifestEntry[]; readonly missing: SkippedEntry[] } {
  const reasons = new Map(skipped.map(({ path, reason }) => [path, reason]));
  const missing: SkippedEntry[] = [];
  const received = manifest.filter((entry) => {
    if (entry.change === "deleted" || isSame(entry, written.get(entry.path))) return true;
    const reason = reasons.get(entry.path) ?? "it did not arrive as the server's manifest says";
    missing.push({ path: entry.path, reason, pastLimit: true });
    return false;
  });
  return { manifest: received, missing };
}

function isSame(entry: ManifestEntry, written: ExtractedEntry | undefined): boolean {
  return written?.kind === entry.kind && written.sha256 === entry.sha256 && written.target === entry.target;
}

async function makePatch(
  { runDirectory, signal, onWarning }: ReceiveFilesOptions,
  directory: string,
  manifest: readonly ManifestEntry[],
): Promise<string | undefined> {
  const baseline = await readBaseline(runDirectory);
  if (baseline === null || !baseline.snapshot) return undefined;
  try {
    // Of a receipt that broke off, or of the run that this one continues.
    await new SnapshotStore(runDirectory).drop("result");
    return await writePatch({
      ...{ runDirectory, directory, baseline, manifest, signal },
      ...dropUndefined({ onWarning }),
    });
  } catch (error) {
    onWarning?.("patch", `There is no patch: ${(error as Error).message}`);
    return undefined;
  }
}

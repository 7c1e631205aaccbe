import type { SandboxError } from "../errors/index.ts";
import type { ManifestEntry, SkippedEntry } from "../run/run-result.ts";
import type { DiskTraits } from "./disk-traits.ts";

export interface ExtractOptions {
  /** A real path. */
  readonly directory: string;
  readonly traits: DiskTraits;
  /** The most that is written in all, in bytes. */
  readonly totalBytes: number;
  /** The largest single file, in bytes. */
  readonly fileBytes: number;
  /** The most entries that are read; 1,000,000 unless given. */
  readonly maxEntries?: number;
  /** The most that is read over because it is not kept, in bytes; 8 GiB unless given. */
  readonly maxDrainedBytes?: number;
  /**
   * A file past the limits that is larger than this is not read over: the extraction stops and names it as `tooLarge`, so
   * that the caller can ask for an archive without it. Without it every one is read over.
   */
  readonly stopAboveBytes?: number;
  /** Leaves a path out without a word. */
  ignores(path: string, isDirectory: boolean): boolean;
  /** Names and leaves out every `.git`. */
  readonly refuseDotGit: boolean;
  readonly signal?: AbortSignal;
  onProgress?(entries: number, bytes: number): void;
}

/** What was written, as it stands in the manifest but for the comparison. */
export type ExtractedEntry = Omit<ManifestEntry, "change">;

export interface Extraction {
  readonly entries: ReadonlyMap<string, ExtractedEntry>;
  readonly skipped: readonly SkippedEntry[];
  /** Paths that the archive names and that were not kept: surely not deleted. Nor is what lies below them. */
  readonly left: ReadonlySet<string>;
  readonly bytes: number;
  readonly complete: boolean;
  /** Why it stopped before the end, for `stopAboveBytes`. */
  readonly tooLarge?: SkippedEntry;
  readonly error?: SandboxError;
}

/** Permission bits as the manifest writes them: `0644`. */
export function octalMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}

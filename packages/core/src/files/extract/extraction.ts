import type { SandboxError } from "../../errors/index.ts";
import type { ManifestEntry, SkippedEntry } from "../manifest.ts";
import type { FilesystemTraits } from "../paths/filesystem-traits.ts";

export interface ExtractOptions {
  /** A real path. */
  readonly directory: string;
  readonly traits: FilesystemTraits;
  /** The most that is written in all, in bytes. */
  readonly totalBytes: number;
  /** The largest single file, in bytes. */
  readonly fileBytes: number;
  /** The most entries that are read. Default: 1,000,000. */
  readonly maxEntries?: number;
  /** The most that is read over because it is not kept, in bytes. Default: 8 GiB. */
  readonly maxDrainedBytes?: number;
  /**
   * A file past the limits that is larger than this is not read over: the extraction stops and names it as `tooLarge`, so
   * that the caller can ask for an archive without it. Without it every one is read over.
   */
  readonly stopAboveBytes?: number;
  /** Leaves a path out without a word. */
  ignores(path: string, isDirectory: boolean): boolean;
  /** What went in, by path: a bare repository that is still as it was comes back as it is. */
  readonly before?: ReadonlyMap<string, ExtractedEntry>;
  /** What may become of something that is there already; without it everything gives way. */
  existing?(path: string): ExistingEntry;
  readonly signal?: AbortSignal;
  onProgress?(entries: number, bytes: number): void;
}

/** What was written, as it stands in the manifest but for the comparison. */
export type ExtractedEntry = Omit<ManifestEntry, "change">;

/** Something in the place of what is to be written. */
export interface ExistingEntry {
  readonly mayReplace: boolean;
  /** How it is described, when the manifest compares with it. */
  readonly before?: ExtractedEntry | undefined;
}

export interface FoundRepository {
  /** The directory that holds its `.git`, or that is one itself; empty for the workspace. */
  readonly path: string;
  /** A directory that git takes for a repository by what it holds, and not by the name `.git`. */
  readonly isBare: boolean;
}

export interface Extraction {
  readonly entries: ReadonlyMap<string, ExtractedEntry>;
  readonly skipped: readonly SkippedEntry[];
  /** Paths that the archive names and that were not kept: they do not count as deleted. Nor is what lies below them. */
  readonly left: ReadonlySet<string>;
  /** What was there before in the place of what was written. */
  readonly replaced: ReadonlyMap<string, ExtractedEntry>;
  /** Repositories that the archive holds. None of them is written. */
  readonly repositories: readonly FoundRepository[];
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

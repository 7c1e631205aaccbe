import { createHash } from "node:crypto";
import { join } from "node:path";
import { InvalidOptionsError, SandboxAbortedError, SandboxFileError } from "../../errors/index.ts";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import { safeName } from "../../text/safe-name.ts";
import { type Baseline, readBaseline } from "../baseline/baseline.ts";
import type { BlobReader } from "../baseline/blob-reader.ts";
import { SnapshotStore } from "../baseline/snapshot-store.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import type { CollectedFiles, ManifestEntry } from "../manifest.ts";
import { hasDotGit } from "../paths/dot-git.ts";
import { parentOf } from "../paths/parent-of.ts";
import { tarEnd, tarHeaderBytes, tarPadding } from "../tar/tar-writer.ts";

/** Which run's files are opened. */
export interface OpenRunFilesOptions {
  readonly result: { readonly runId: string; readonly files?: CollectedFiles | undefined };
  /** The run's state directory on the host. */
  readonly runDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/** An entry and where its content comes from: what went into the run's sandbox, or what came out of it. */
export interface PlacedEntry {
  readonly entry: Omit<ManifestEntry, "change">;
  readonly from: "base" | "result";
}

/**
 * A run's files as they were before and after it, whatever the project has become since. Contents are checked against the
 * hashes of the baseline and the manifest; one that is not the same any more is a `file` error.
 */
export class RunFiles {
  /** What went in, sorted by path; empty for a run without a workspace. */
  readonly base: readonly ExtractedEntry[];
  /** What the run created, changed and deleted, without what lies below a `.git`. */
  readonly changes: readonly ManifestEntry[];
  /** Whether a workspace went in. */
  readonly hasBase: boolean;
  readonly #directory: string;
  readonly #baseline: Baseline | null;
  readonly #store: SnapshotStore;
  readonly #signal: AbortSignal | undefined;
  #blobs: ReadonlyMap<string, string> | undefined;

  constructor(options: OpenRunFilesOptions & { readonly files: CollectedFiles; readonly baseline: Baseline | null }) {
    const { files, baseline, runDirectory, signal } = options;
    this.#directory = files.directory;
    this.#baseline = baseline;
    this.#store = new SnapshotStore(runDirectory, signal);
    this.#signal = signal;
    this.hasBase = baseline !== null;
    this.base = [...(baseline?.entries ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.changes = files.manifest.filter(({ change, path }) => change !== "unchanged" && !hasDotGit(path));
  }

  /** The entries as a tar stream, with their parent directories. Rejects where a content is not available any more. */
  async *archive(places: readonly PlacedEntry[]): AsyncGenerator<Uint8Array, void> {
    const modes = new Map(
      places.filter(({ entry }) => entry.kind === "directory").map(({ entry }) => [entry.path, entry.mode]),
    );
    const written = new Set<string>([""]);
    await using reader = await this.#reader();
    for (const place of [...places].sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1))) {
      if (this.#signal?.aborted) throw new SandboxAbortedError("The upload was cancelled");
      const { path, kind, target } = place.entry;
      for (const directory of parentsOf(kind === "directory" ? `${path}/.` : path)) {
        if (written.has(directory)) continue;
        written.add(directory);
        yield header({ path: directory, kind: "directory", mode: modes.get(directory) ?? "0755" });
      }
      if (kind === "symlink") yield header({ path, kind, mode: "0777", target });
      else if (kind === "file") {
        yield header(place.entry);
        yield* this.#content(place, reader);
        yield tarPadding(place.entry.size ?? 0);
      }
    }
    yield tarEnd;
  }

  /** The text of a file, or `undefined` if it is no file, or larger than `maxBytes`. */
  async text(place: PlacedEntry, maxBytes: number): Promise<string | undefined> {
    if (place.entry.kind !== "file" || (place.entry.size ?? 0) > maxBytes) return undefined;
    await using reader = await this.#reader();
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#content(place, reader)) pieces.push(piece);
    return Buffer.concat(pieces).toString("utf8");
  }

  async *#content({ entry, from }: PlacedEntry, reader: BlobReader | undefined): AsyncGenerator<Uint8Array, void> {
    const hash = createHash("sha256");
    let size = 0;
    for await (const piece of this.#pieces(entry, from, reader)) {
      size += piece.length;
      if (size > (entry.size ?? 0)) throw changed(entry, from);
      hash.update(piece);
      yield piece;
    }
    if (size !== entry.size || hash.digest("hex") !== entry.sha256) throw changed(entry, from);
  }

  async *#pieces(
    { path }: ExtractedEntry,
    from: PlacedEntry["from"],
    reader: BlobReader | undefined,
  ): AsyncGenerator<Uint8Array, void> {
    const blob = from === "base" ? this.#blobs?.get(path) : undefined;
    if (blob !== undefined && reader !== undefined) {
      yield await reader.read(blob);
      return;
    }
    // A file that was too large to be kept, or that was uploaded without git on the host.
    const directory = from === "base" ? this.#baseline?.workspace : this.#directory;
    yield* streamHostFile(join(directory ?? "", path), { noFollow: true });
  }

  async #reader(): Promise<BlobReader | undefined> {
    this.#blobs ??= this.#baseline?.snapshot ? await this.#store.blobs("baseline") : new Map();
    return this.#blobs.size === 0 ? undefined : this.#store.reader();
  }
}

/**
 * Opens the files of a run that has ended. Throws `invalid-options` if it brought no files back, or not all of them.
 */
export async function openRunFiles(options: OpenRunFilesOptions): Promise<RunFiles> {
  const { files } = options.result;
  if (files === undefined) throw new InvalidOptionsError("The run brought no files back");
  if (!files.complete) throw new InvalidOptionsError("The run did not bring all of its files back");
  return new RunFiles({ ...options, files, baseline: await readBaseline(options.runDirectory) });
}

function* parentsOf(path: string): Generator<string> {
  const parent = parentOf(path);
  if (parent === "") return;
  yield* parentsOf(parent);
  yield parent;
}

function header({ path, kind, mode, size = 0, target }: ExtractedEntry): Uint8Array {
  const entry = { path, kind, size, mode: Number.parseInt(mode, 8), modifiedMs: Date.now() };
  return tarHeaderBytes(target === undefined ? entry : { ...entry, target });
}

function changed({ path }: ExtractedEntry, from: PlacedEntry["from"]): SandboxFileError {
  const since = from === "base" ? "it was uploaded" : "it was collected";
  return new SandboxFileError(`${safeName(path)} has changed since ${since}`);
}

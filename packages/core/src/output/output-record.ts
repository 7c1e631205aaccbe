import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, lstatSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type ExtractedEntry, octalMode } from "../files/extract/extraction.ts";
import { manifestEntrySchema } from "../files/manifest.ts";
import { makeHostDirectorySync } from "../host-files/make-host-directory.ts";
import { openHostFileSync } from "../host-files/read-host-file.ts";
import { readStateFile } from "../state/read-state-file.ts";
import { replaceFileSync } from "../state/replace-file.ts";

const pieceBytes = 256 * 1024;
/** File systems stamp files by a clock that is a little late. All that was there before a run began was its to replace. */
const clockMarginMs = 2000;

const schema = z.object({
  v: z.literal(1),
  /** The output's real path. */
  directory: z.string(),
  /** What makes it the same directory after it was moved; absent where the file system does not say when it was made. */
  identity: z.string().optional(),
  runId: z.string(),
  /** Since when a run writes there, in milliseconds; absent once it has finished. */
  writingSince: z.number().optional(),
  entries: z.array(manifestEntrySchema.omit({ change: true })),
});

type Content = z.infer<typeof schema>;

/**
 * What runs have written to one output directory, kept in the state directory: so that a later run replaces only what an
 * earlier one wrote, and that no output becomes a part of a workspace.
 */
export class OutputRecord {
  readonly #file: string;
  readonly #content: Content | undefined;
  readonly #entries: ReadonlyMap<string, ExtractedEntry>;

  private constructor(file: string, content: Content | undefined) {
    this.#file = file;
    this.#content = content;
    this.#entries = new Map((content?.entries ?? []).map((entry) => [entry.path, entry as ExtractedEntry]));
  }

  /** `directory` is a real path. */
  static open(home: string, directory: string): OutputRecord {
    const name = createHash("sha256").update(directory).digest("hex").slice(0, 32);
    const file = join(home, "outputs", `${name}.json`);
    return new OutputRecord(
      file,
      readStateFile(file, schema, "Remove it: its output then counts as not written by a run"),
    );
  }

  /** The directories of every output that is still what it was, by path or by identity. */
  static all(home: string): { readonly paths: ReadonlySet<string>; readonly identities: ReadonlySet<string> } {
    const paths = new Set<string>();
    const identities = new Set<string>();
    for (const name of namesIn(join(home, "outputs"))) {
      const content = readLoosely(join(home, "outputs", name));
      if (content === undefined) continue;
      if (content.identity !== undefined) identities.add(content.identity);
      else paths.add(content.directory);
    }
    return { paths, identities };
  }

  /** A run that begins to write: what of it is there after a crash is known to be its own. */
  begin(directory: string, runId: string): void {
    makeHostDirectorySync(join(this.#file, ".."), 0o700);
    const since = this.wasBegunBy(runId) ? this.#content?.writingSince : undefined;
    const { v, entries } = this.#content ?? { v: 1 as const, entries: [] };
    const identity = identityOf(directory);
    const content = { v, directory, runId, writingSince: since ?? Date.now() - clockMarginMs, entries };
    replaceFileSync(this.#file, JSON.stringify(identity === undefined ? content : { ...content, identity }));
  }

  /** What a run has written, beside what earlier ones have. */
  finish(directory: string, runId: string, written: Iterable<ExtractedEntry>): void {
    const entries = new Map(this.#entries);
    for (const entry of written) entries.set(entry.path, entry);
    const identity = identityOf(directory);
    const content = { v: 1, directory, runId, entries: [...entries.values()] };
    replaceFileSync(this.#file, JSON.stringify(identity === undefined ? content : { ...content, identity }));
  }

  /** Whether this run began here before and never finished. */
  wasBegunBy(runId: string): boolean {
    return this.#content?.runId === runId && this.#content.writingSince !== undefined;
  }

  /** Whether what lies at a path is as a run left it, or was written by the run that continues its work. */
  owns(directory: string, path: string, runId: string): boolean {
    const existing = lstatSync(join(directory, path));
    if (this.wasBegunBy(runId) && existing.ctimeMs >= (this.#content?.writingSince ?? Number.POSITIVE_INFINITY))
      return true;
    const known = this.#entries.get(path);
    if (known === undefined) return false;
    if (known.kind === "file" && (!existing.isFile() || existing.size !== known.size)) return false;
    const now = describeOnDisk(directory, path);
    return now?.kind === known.kind && now.sha256 === known.sha256 && now.target === known.target;
  }
}

/** A path of the disk as a manifest has it; `undefined` for what no manifest can have. */
export function describeOnDisk(directory: string, path: string): ExtractedEntry | undefined {
  const full = join(directory, path);
  const existing = lstatSync(full);
  if (existing.isDirectory()) return { path, kind: "directory", mode: octalMode(existing.mode) };
  if (existing.isSymbolicLink()) return { path, kind: "symlink", mode: "0777", target: readlinkSync(full) };
  const descriptor = existing.isFile() ? openHostFileSync(full, { noFollow: true }) : undefined;
  if (descriptor === undefined) return undefined;
  try {
    const hash = createHash("sha256");
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (let left = existing.size; left > 0; ) {
      const length = readSync(descriptor, piece, 0, Math.min(left, piece.length), null);
      if (length === 0) break;
      hash.update(piece.subarray(0, length));
      left -= length;
    }
    return { path, kind: "file", mode: octalMode(existing.mode), size: existing.size, sha256: hash.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}

/** The same for a directory as long as it exists, wherever it is moved to on its disk. */
export function identityOf(directory: string): string | undefined {
  const stats: BigIntStats = lstatSync(directory, { bigint: true });
  // Where the time of birth is not known it is zero, or the time of the last change: then a number can be used again.
  const isKnown = stats.birthtimeNs > 0n && stats.birthtimeNs !== stats.ctimeNs;
  return isKnown ? `${stats.dev}:${stats.ino}:${stats.birthtimeNs}` : undefined;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith(".json"));
  } catch {
    // No run has written yet.
    return [];
  }
}

function readLoosely(file: string): Content | undefined {
  try {
    return readStateFile(file, schema);
  } catch {
    // One that cannot be read is named when its output is written to.
    return undefined;
  }
}

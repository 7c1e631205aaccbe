import { createHash } from "node:crypto";
import { closeSync, fsyncSync, lstatSync, openSync, readlinkSync, type Stats, writeSync } from "node:fs";
import { join } from "node:path";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import type { ManifestEntry } from "../manifest.ts";
import { parentOf } from "../paths/parent-of.ts";
import { type ApplyRecord, makeRecordDirectory, removeApplyRecord, writeApplyRecord } from "./apply-record.ts";
import type { ApplyPlan } from "./plan-apply.ts";
import type { TargetDirectory } from "./target-directory.ts";

type RecordedEntry = ApplyRecord["entries"][number];

/** A record of what is about to be applied. */
export interface RecordedApply {
  /** Whether the target still has at a path what was recorded. */
  isAsRecorded(path: string): boolean;
  /** Nothing was applied, so there is nothing to undo. */
  discard(): void;
}

/** Keeps what an apply would write over, on the disk, before anything is written. When it throws, nothing is kept. */
export async function recordApply(options: {
  readonly plan: ApplyPlan;
  readonly planned: readonly ManifestEntry[];
  readonly bringsCommits: boolean;
  readonly directory: TargetDirectory;
}): Promise<RecordedApply> {
  const { plan, planned, directory } = options;
  const place = makeRecordDirectory(plan.runDirectory);
  const stamps = new Map<string, string>();
  try {
    const entries: RecordedEntry[] = newParents(planned, plan.target);
    for (const { change, path, ...after } of planned) {
      stamps.set(path, directory.stamp(path));
      const before = await keep(plan.target, path, place, String(entries.length));
      // A directory's stamp changes with what is in it.
      if (before?.kind === "directory") stamps.delete(path);
      entries.push({ path, before, after: change === "deleted" ? null : after });
    }
    const { runId, target, bundle } = plan;
    const at = new Date().toISOString();
    const brought = options.bringsCommits && bundle !== undefined ? { bundle } : {};
    writeApplyRecord(place, { v: 1, runId, at, target, ...brought, entries });
  } catch (error) {
    removeApplyRecord(place);
    throw error;
  }
  return {
    isAsRecorded: (path) => !stamps.has(path) || stamps.get(path) === directory.stamp(path),
    discard: () => removeApplyRecord(place),
  };
}

/** The directories that are made on the way, outermost first. */
function newParents(planned: readonly ManifestEntry[], target: string): RecordedEntry[] {
  const known = new Set(planned.map(({ path }) => path));
  const missing = new Set<string>();
  for (const { path, change } of planned) {
    if (change === "deleted") continue;
    for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
      if (!known.has(parent) && look(join(target, parent)) === undefined) missing.add(parent);
    }
  }
  return [...missing].sort().map((path) => ({ path, before: null, after: { kind: "directory", mode: "0755" } }));
}

async function keep(target: string, path: string, into: string, backup: string): Promise<RecordedEntry["before"]> {
  const full = `${target}/${path}`;
  const existing = look(full);
  if (existing === undefined) return null;
  const mode = `0${(existing.mode & 0o7777).toString(8)}`;
  if (existing.isDirectory()) return { kind: "directory", mode };
  if (existing.isSymbolicLink()) return { kind: "symlink", mode, target: readlinkSync(full) };
  return { kind: "file", mode, ...(await copy(full, join(into, backup))), backup };
}

async function copy(source: string, into: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let size = 0;
  const descriptor = openSync(into, "wx", 0o600);
  try {
    for await (const piece of streamHostFile(source, { noFollow: true })) {
      hash.update(piece);
      size += piece.length;
      for (let offset = 0; offset < piece.length; ) offset += writeSync(descriptor, piece, offset);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { size, sha256: hash.digest("hex") };
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

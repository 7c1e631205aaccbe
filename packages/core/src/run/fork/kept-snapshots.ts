import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SandboxError } from "../../errors/index.ts";
import { makeHostDirectorySync } from "../../host-files/make-host-directory.ts";
import type { SandboxProvider } from "../../provider/sandbox-provider.ts";
import type { Template } from "../../provider/template.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { readStateFile } from "../../state/read-state-file.ts";
import { replaceFileSync } from "../../state/replace-file.ts";
import { safeJson } from "../../text/safe-json.ts";

const snapshotSchema = z.object({
  v: z.literal(1),
  /** `run`: made by the run at its end, and there until it is removed. `fork`: there as long as the forks run. */
  madeFor: z.enum(["run", "fork"]),
  template: z.object({ providerId: z.string(), reference: z.string(), digest: z.string(), reused: z.boolean() }),
});
type KeptSnapshot = z.infer<typeof snapshotSchema>;

/** A snapshot that is recorded beside its run, and held by this process until it is released. */
export interface RecordedSnapshot {
  readonly directory: string;
  release(): void;
}

/** Records a snapshot in the directory of the run whose sandbox it is of, so that whoever comes later can remove it. */
export function recordSnapshot(runDirectory: string, snapshot: Omit<KeptSnapshot, "v">): RecordedSnapshot {
  const directory = join(snapshotsOf(runDirectory), randomUUID());
  makeHostDirectorySync(directory, 0o700);
  const lock = DirectoryLock.tryAcquire(directory);
  replaceFileSync(fileOf(directory), `${safeJson({ v: 1, ...snapshot })}\n`);
  return { directory, release: () => lock?.release() };
}

/** The snapshot that the run itself made, for forks on this provider. */
export function readySnapshot(runDirectory: string, providerId: string): Template | undefined {
  const all = directoriesIn(runDirectory).flatMap((directory) => legible(directory) ?? []);
  return all.find((one) => one.madeFor === "run" && one.template.providerId === providerId)?.template;
}

/** Whether snapshots are recorded of a run. */
export function hasSnapshots(runDirectory: string): boolean {
  return directoriesIn(runDirectory).length > 0;
}

/**
 * Removes the snapshots of a run that no process holds, the one that it made itself only with `all`. Those that sandboxes need
 * stay, for the next time. Returns how many are left.
 */
export async function removeSnapshots(
  runDirectory: string,
  provider: SandboxProvider,
  options: { readonly all: boolean; readonly signal?: AbortSignal },
): Promise<number> {
  let left = 0;
  for (const directory of directoriesIn(runDirectory)) {
    const snapshot = legible(directory);
    const { template, madeFor } = snapshot ?? {};
    if (template === undefined || template.providerId !== provider.id || (madeFor === "run" && !options.all)) continue;
    const lock = DirectoryLock.tryAcquire(directory);
    if (lock !== undefined && (await removeSnapshot(directory, template, provider, options.signal))) continue;
    lock?.release();
    left += 1;
  }
  return left;
}

/** False where sandboxes need it, or the provider cannot remove it. Then its record stays. */
export async function removeSnapshot(
  directory: string,
  template: Template,
  provider: SandboxProvider,
  signal?: AbortSignal,
): Promise<boolean> {
  const removed = await provider.removeSnapshot?.(template, signal === undefined ? {} : { signal });
  if (removed) rmSync(directory, { recursive: true, force: true });
  return removed ?? false;
}

function legible(directory: string): KeptSnapshot | undefined {
  try {
    return readStateFile(fileOf(directory), snapshotSchema);
  } catch (error) {
    if (SandboxError.isInstance(error)) return undefined;
    throw error;
  }
}

function directoriesIn(runDirectory: string): readonly string[] {
  try {
    return readdirSync(snapshotsOf(runDirectory)).map((name) => join(snapshotsOf(runDirectory), name));
  } catch {
    // A run of which nobody took a snapshot.
    return [];
  }
}

function snapshotsOf(runDirectory: string): string {
  return join(runDirectory, "snapshots");
}

function fileOf(directory: string): string {
  return join(directory, "snapshot.json");
}

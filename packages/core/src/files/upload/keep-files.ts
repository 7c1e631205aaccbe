import { SandboxAbortedError } from "../../errors/index.ts";
import type { Baseline } from "../baseline/baseline.ts";
import { SnapshotStore } from "../baseline/snapshot-store.ts";
import { WorkspaceArchive } from "./workspace-archive.ts";

/** How `keepFiles` reads a project. */
export interface KeepFilesOptions {
  /** The project on the host, a real path. */
  readonly workspace: string;
  /** The run's state directory on the host, which keeps the content. */
  readonly runDirectory: string;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  onWarning?(code: string, message: string): void;
}

/** Reads the files of a project as an archive, which `read` takes to its end, and keeps exactly what it has read. */
export async function keepFiles(
  options: KeepFilesOptions,
  paths: readonly string[],
  read: (archive: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<Pick<Baseline, "snapshot" | "entries">> {
  const { runDirectory, signal } = options;
  const store = new SnapshotStore(runDirectory, signal);
  const snapshot = await openSnapshot(store, options);
  const archive = new WorkspaceArchive({ ...options, paths, snapshot });
  try {
    await read(archive);
  } catch (error) {
    await snapshot?.abandon();
    throw error;
  }
  const kept = await closeSnapshot(snapshot, options);
  return { snapshot: kept, entries: archive.entries };
}

async function openSnapshot(store: SnapshotStore, options: KeepFilesOptions) {
  if (await store.create()) return store.commit("baseline");
  options.onWarning?.("patch", "git is not installed on this machine, so there will be no patch");
  return undefined;
}

async function closeSnapshot(snapshot: Awaited<ReturnType<typeof openSnapshot>>, options: KeepFilesOptions) {
  try {
    await snapshot?.end();
    return snapshot !== undefined;
  } catch (error) {
    if (options.signal?.aborted) throw new SandboxAbortedError("The upload was cancelled", { cause: error });
    options.onWarning?.("patch", `There will be no patch: ${(error as Error).message}`);
    return false;
  }
}

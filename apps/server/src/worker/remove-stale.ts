import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const staleMs = 24 * 60 * 60_000;

interface StaleOptions {
  /** The directory of the worker's runs. */
  readonly runs: string;
  /** The journals of runs. */
  readonly journals: string;
  readonly carried: readonly string[];
}

/** Removes what runs left that other workers took over, once nobody will want it any more. */
export async function removeStale({ runs, journals, carried }: StaleOptions): Promise<void> {
  for (const runId of await readdir(runs).catch(() => [])) {
    if (carried.includes(runId)) continue;
    const info = await stat(join(runs, runId)).catch(() => undefined);
    if (info === undefined || Date.now() - info.mtimeMs < staleMs) continue;
    for (const directory of [runs, journals]) await rm(join(directory, runId), { recursive: true, force: true });
  }
}

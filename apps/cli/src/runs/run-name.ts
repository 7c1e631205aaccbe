import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { shortRunName } from "./short-run-name.ts";

/** What texts call the run of a directory: as `glovebox ps` does. */
export function runName(runDirectory: string): string {
  const runId = basename(runDirectory);
  try {
    return shortRunName(runId, [...new Set([...readdirSync(dirname(runDirectory)), runId])]);
  } catch {
    // There is no run yet.
    return runId;
  }
}

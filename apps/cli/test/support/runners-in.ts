import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { livenessOf, parseHostProcess } from "@glovebox/core/state";

/** The processes that carry the runs of a state directory at the moment, by the run's id. */
export function runnersIn(home: string): ReadonlyMap<string, number> {
  const runs = join(home, "runs");
  const found = new Map<string, number>();
  for (const runId of existsSync(runs) ? readdirSync(runs) : []) {
    const epochs = join(runs, runId, "epochs");
    for (const epoch of existsSync(epochs) ? readdirSync(epochs) : []) {
      const holder = parseHostProcess(readFileSync(join(epochs, epoch), "utf8"));
      if (holder !== undefined && livenessOf(holder) === "alive") found.set(runId, holder.pid);
    }
  }
  return found;
}

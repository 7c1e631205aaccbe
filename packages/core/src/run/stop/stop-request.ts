import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CancellationController } from "./cancellation-controller.ts";

const pollMs = 500;

/** Asks the process that holds the run to cancel it, or with `force` to drop everything. It looks twice a second. */
export function requestStop(runDirectory: string, options: { readonly force?: boolean } = {}): void {
  writeFileSync(join(runDirectory, options.force ? "abort" : "cancel"), "", { mode: 0o600 });
}

/** Passes on what other processes ask of this run. Returns what ends the watch. */
export function watchStopRequests(runDirectory: string, cancellation: CancellationController): () => void {
  const timer = setInterval(() => {
    if (existsSync(join(runDirectory, "abort"))) cancellation.stop({ kind: "aborted" });
    else if (existsSync(join(runDirectory, "cancel"))) cancellation.stop({ kind: "cancelled" });
  }, pollMs);
  return () => clearInterval(timer);
}

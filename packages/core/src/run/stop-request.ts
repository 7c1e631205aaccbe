import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StopSwitch } from "./stop-switch.ts";

const pollMs = 500;

/** Asks the process that holds the run to cancel it, or with `force` to drop everything. It looks twice a second. */
export function requestStop(runDir: string, options: { readonly force?: boolean } = {}): void {
  writeFileSync(join(runDir, options.force ? "abort" : "cancel"), "", { mode: 0o600 });
}

/** Passes on what other processes ask of this run. Returns what ends the watch. */
export function watchStopRequests(runDir: string, stopSwitch: StopSwitch): () => void {
  const timer = setInterval(() => {
    if (existsSync(join(runDir, "abort"))) stopSwitch.stop({ kind: "aborted" });
    else if (existsSync(join(runDir, "cancel"))) stopSwitch.stop({ kind: "cancelled" });
  }, pollMs);
  return () => clearInterval(timer);
}

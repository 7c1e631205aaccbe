import type { ResolvedSettings } from "./cloudflare-settings.ts";
import type { WorkerSandboxes } from "./worker/worker-sandboxes.ts";

/** What every call of the provider works with. */
export interface CloudflareContext {
  readonly settings: ResolvedSettings;
  readonly sandboxes: WorkerSandboxes;
}

import type { CreateOptions, Sandbox, SandboxSpec } from "@glovebox/core/provider";
import type { ResolvedSettings } from "./cloudflare-settings.ts";
import type { WorkerSandboxes } from "./worker/worker-sandboxes.ts";

/** What every call of the provider uses. */
export interface CloudflareContext {
  readonly settings: ResolvedSettings;
  readonly sandboxes: WorkerSandboxes;
  /** `SandboxProvider.create`, for a sandbox in which a template is prepared. */
  readonly create: (spec: SandboxSpec, options?: CreateOptions) => Promise<Sandbox>;
}

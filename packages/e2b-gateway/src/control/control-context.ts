import type { GatewaySettings } from "../gateway-options.ts";
import type { SandboxRegistry } from "../sandboxes/sandbox-registry.ts";
import type { SnapshotStore } from "../sandboxes/state/snapshot-store.ts";
import type { TemplateSource } from "../sandboxes/template-source.ts";

/** What the routes of the control plane work with. */
export interface ControlContext {
  readonly settings: GatewaySettings;
  readonly registry: SandboxRegistry;
  readonly snapshots: SnapshotStore;
  /** Looked in after the snapshots. */
  readonly templates: TemplateSource;
}

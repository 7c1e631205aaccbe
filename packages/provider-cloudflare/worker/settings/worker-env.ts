import type { SandboxRegistry } from "../registry/sandbox-registry.ts";
import type { SandboxObject } from "../sandbox/sandbox-object.ts";
import type { SettingsVariables } from "./worker-settings.ts";

/** The bindings, variables and secrets of the Worker. */
export interface WorkerEnv extends SettingsVariables {
  readonly SANDBOX: DurableObjectNamespace<SandboxObject>;
  readonly REGISTRY: DurableObjectNamespace<SandboxRegistry>;
  /** Secret: the key that clients send. Without it, the Worker rejects every request. */
  readonly GLOVEBOX_API_KEY?: string;
  /** Secret: the key for model requests of `POST /execute`. It never enters a container. */
  readonly ANTHROPIC_API_KEY?: string;
  /** Where they are sent. Default: https://api.anthropic.com. */
  readonly ANTHROPIC_BASE_URL?: string;
}

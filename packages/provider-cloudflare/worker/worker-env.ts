import type { Box } from "./box.ts";
import type { BoxIndex } from "./box-index.ts";
import type { SettingsVariables } from "./worker-settings.ts";

/** The bindings, variables and secrets of the Worker. */
export interface WorkerEnv extends SettingsVariables {
  readonly BOX: DurableObjectNamespace<Box>;
  readonly INDEX: DurableObjectNamespace<BoxIndex>;
  /** Secret: what clients send. Without it the Worker serves nobody. */
  readonly GLOVEBOX_API_KEY?: string;
  /** Secret: for the model requests of `POST /execute`. It never enters a container. */
  readonly ANTHROPIC_API_KEY?: string;
  /** Where those go. https://api.anthropic.com unless told. */
  readonly ANTHROPIC_BASE_URL?: string;
}

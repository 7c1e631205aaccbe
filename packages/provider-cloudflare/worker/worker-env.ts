import type { Box } from "./box.ts";
import type { BoxIndex } from "./box-index.ts";

/** The bindings, variables and secrets of the Worker. */
export interface WorkerEnv {
  readonly BOX: DurableObjectNamespace<Box>;
  readonly INDEX: DurableObjectNamespace<BoxIndex>;
  /** Secret: what clients send. Without it the Worker serves nobody. */
  readonly GLOVEBOX_API_KEY?: string;
  /** Secret: for the model requests of `POST /execute`. It never enters a container. */
  readonly ANTHROPIC_API_KEY?: string;
  /** Where those go. https://api.anthropic.com unless told. */
  readonly ANTHROPIC_BASE_URL?: string;
  /** An object or its JSON; see worker-settings.ts. */
  readonly GLOVEBOX_SETTINGS?: unknown;
  /**
   * Stands in for the setting `inactivityMs` where that is not given. The local runtime leaves what stands beside a container for
   * so long, also when the container is gone.
   */
  readonly GLOVEBOX_INACTIVITY_MS?: string;
}

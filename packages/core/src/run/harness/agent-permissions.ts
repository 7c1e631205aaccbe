import type { PermissionQuestion } from "../../harness/permission-question.ts";
import type { RunSpec } from "../run-spec.ts";
import type { HarnessSessionOptions } from "./harness-session.ts";

export interface AgentPermissionsOptions extends Pick<HarnessSessionOptions, "touch"> {
  readonly permit: NonNullable<RunSpec["permit"]>;
  /** Aborted when the run is being stopped, or its agent has ended: then no answer is waited for. */
  readonly stopping: AbortSignal;
}

/** How often a user who thinks counts as activity. */
const touchMs = 1000;
/** How many questions may be open: what runs inside can ask without end. */
const mostOpen = 32;

/** Asks the user for what the agent of one run wants to do. */
export class AgentPermissions {
  readonly #options: AgentPermissionsOptions;
  #open = 0;

  constructor(options: AgentPermissionsOptions) {
    this.#options = options;
  }

  /** The user's answer; false where there is none, or where too many questions are open. */
  async ask(question: PermissionQuestion): Promise<boolean> {
    const { permit, touch, stopping } = this.#options;
    if (stopping.aborted || this.#open >= mostOpen) return false;
    this.#open += 1;
    const timer = setInterval(touch, touchMs);
    let stop = () => {};
    const stopped = new Promise<boolean>((resolve) => {
      stop = () => resolve(false);
    });
    stopping.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([permit(question, stopping), stopped]);
    } catch {
      // Nobody could be asked.
      return false;
    } finally {
      stopping.removeEventListener("abort", stop);
      clearInterval(timer);
      this.#open -= 1;
    }
  }
}

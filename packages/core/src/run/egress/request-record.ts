import type { RunEventBody } from "../../events/run-event.ts";
import type { EgressEvent } from "../../provider/egress-policy.ts";

/** Refusals that are written one by one. */
const mostRefusals = 10_000;
const intervalMs = 10_000;
const mostHosts = 20;

/**
 * Makes events of what a sandbox asked for. Every request that went out is an event of its own. Refusals, of which whoever
 * is inside can cause any number, are counted together once there were many.
 */
export class RequestRecord {
  readonly #emit: (event: RunEventBody) => void;
  #refusals = 0;
  #since: Date | undefined;
  #count = 0;
  readonly #hosts = new Set<string>();
  readonly #refusedHosts = new Set<string>();

  constructor(emit: (event: RunEventBody) => void) {
    this.#emit = emit;
  }

  /** The first that were refused, as `host:port`. */
  get refusedHosts(): readonly string[] {
    return [...this.#refusedHosts];
  }

  add(event: EgressEvent): void {
    if (isRefusal(event)) {
      this.#refusals += 1;
      if (this.#refusedHosts.size < mostHosts) this.#refusedHosts.add(`${event.host}:${event.port}`);
    }
    if (!isRefusal(event) || this.#refusals <= mostRefusals) {
      this.#emit({ type: "network.request", ...event });
      return;
    }
    this.#since ??= new Date();
    this.#count += 1;
    if (this.#hosts.size < mostHosts) this.#hosts.add(`${event.host}:${event.port}`);
    if (Date.now() - this.#since.getTime() >= intervalMs) this.flush();
  }

  /** Publishes what was counted and not said yet. */
  flush(): void {
    if (this.#since === undefined) return;
    const event = { count: this.#count, since: this.#since.toISOString(), hosts: [...this.#hosts] };
    this.#since = undefined;
    this.#count = 0;
    this.#hosts.clear();
    this.#emit({ type: "network.refused", ...event });
  }
}

/** Whether nothing of a request has left the host. */
function isRefusal({ decision, requestBytes }: EgressEvent): boolean {
  return decision === "denied" && requestBytes === 0;
}

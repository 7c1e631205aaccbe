import type { RunEvent } from "@glovebox/core";

/** How many hosts the user is asked for after one prompt: a hostile agent may try any number. */
const mostAsked = 3;

/** The hosts that a run was refused and that `--allow-host` would allow. */
export class RefusedHosts {
  readonly #hosts = new Set<string>();

  get hosts(): readonly string[] {
    return [...this.#hosts];
  }

  hear(event: RunEvent): void {
    if (event.type !== "network.request" || event.decision !== "denied" || event.remedy === undefined) return;
    if ("allowHost" in event.remedy && this.#hosts.size < mostAsked) this.#hosts.add(event.remedy.allowHost);
  }
}

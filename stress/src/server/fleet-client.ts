import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "@glovebox/core";
import type { ServerFleet } from "./server-fleet.ts";

/** What the checks read of a run. */
export interface FleetRun {
  readonly id: string;
  readonly state: string;
  readonly outcome?: string;
  readonly reason?: string;
}

const retryMs = 200;
const timeoutMs = 20_000;
/** How long no server may answer a request: longer than the key of a request whose server was killed is held. */
const silentMs = 240_000;

/** A client of a fleet: what one server does not answer is asked of the next. */
export class FleetClient {
  readonly #fleet: ServerFleet;
  #turn = 0;
  /** How often a request had to be repeated. */
  retries = 0;

  constructor(fleet: ServerFleet) {
    this.#fleet = fleet;
  }

  /** Starts a run. A request that is repeated carries the same key, so that it starts no second one. */
  async startRun(prompt: string): Promise<string> {
    const body = JSON.stringify({ prompt });
    const headers = { "idempotency-key": randomUUID(), "content-type": "application/json" };
    const { id } = JSON.parse(await this.#ask("/v1/runs", { method: "POST", body, headers })) as FleetRun;
    return id;
  }

  async runs(): Promise<readonly FleetRun[]> {
    const found: FleetRun[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = JSON.parse(await this.#ask(`/v1/runs?limit=200${query}`)) as {
        readonly runs: readonly FleetRun[];
        readonly nextCursor?: string;
      };
      found.push(...page.runs);
      if (page.nextCursor === undefined || page.nextCursor === null) return found;
      cursor = page.nextCursor;
    }
  }

  async events(runId: string): Promise<readonly RunEvent[]> {
    const headers = { accept: "application/x-ndjson" };
    const lines = (await this.#ask(`/v1/runs/${runId}/events`, { headers })).trim().split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RunEvent);
  }

  async file(runId: string, path: string): Promise<string> {
    return await this.#ask(`/v1/runs/${runId}/files/${path}`);
  }

  async #ask(path: string, init: RequestInit = {}): Promise<string> {
    let why: unknown = "no server listens";
    for (const begun = Date.now(); Date.now() < begun + silentMs; ) {
      const url = this.#fleet.serverUrl(this.#turn++);
      try {
        if (url === undefined) throw new Error("no server listens");
        const response = await fetch(`${url}${path}`, {
          ...init,
          headers: { authorization: `Bearer ${this.#fleet.key}`, ...init.headers },
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.text();
        if (response.ok) return text;
        // Another request with the same key is still being served, there are too many, or the server cannot yet.
        if (![409, 429, 500, 503].includes(response.status)) return `HTTP ${response.status}: ${text}`;
        why = text;
      } catch (error) {
        // Killed: the next server answers.
        why = error;
      }
      this.retries += 1;
      await sleep(retryMs);
    }
    throw new Error(`No server answered ${path} for ${silentMs / 1000} s: ${why}`);
  }
}

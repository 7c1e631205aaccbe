import type { SandboxProvider } from "@glovebox/core/provider";
import type { Run, Store } from "@glovebox/store";
import type { Hono, MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Authenticator } from "../access/authenticator.ts";
import type { AccessEnv } from "../access/principal.ts";
import { accessLog } from "./access-log.ts";
import { Health } from "./health.ts";
import { HttpMetrics } from "./http-metrics.ts";
import { observeRoutes } from "./observe-routes.ts";
import type { ObserveSettings } from "./observe-settings.ts";
import { RunMetrics } from "./run-metrics.ts";
import { RunTracer } from "./run-tracer.ts";

export interface ObserverOptions {
  readonly settings: ObserveSettings;
  readonly store: Store;
  /** The providers of the server, by their names. */
  readonly providers: ReadonlyMap<string, SandboxProvider>;
  readonly logger: Logger;
}

/** What a server reports about itself: metrics, its access log, its health, and traces of its runs. */
export class Observer {
  readonly health: Health;
  /** For every route, before all others: logs and counts requests. */
  readonly accessLog: MiddlewareHandler<AccessEnv>;
  readonly #registry = new Registry();
  readonly #runs: RunMetrics;
  readonly #tracer: RunTracer | undefined;
  readonly #logger: Logger;

  constructor({ settings, store, providers, logger }: ObserverOptions) {
    this.#logger = logger;
    this.health = new Health({ store, providers });
    this.#runs = new RunMetrics(this.#registry, store);
    this.accessLog = accessLog(logger, new HttpMetrics(this.#registry));
    collectDefaultMetrics({ register: this.#registry });
    const { telemetryUrl } = settings;
    this.#tracer = telemetryUrl === undefined ? undefined : new RunTracer(telemetryUrl, settings, store.events);
  }

  /** `/livez`, `/readyz` and `/metrics`. */
  routes(authenticator: Pick<Authenticator, "ofBearer">): Hono<AccessEnv> {
    return observeRoutes({ registry: this.#registry, health: this.health, authenticator });
  }

  /** For each run that a worker of this process has carried to its end. Never rejects. */
  async runEnded(run: Run): Promise<void> {
    try {
      this.#runs.ended(run);
      await this.#tracer?.export(run);
    } catch (error) {
      this.#logger.warn({ runId: run.id, reason: (error as Error).message }, "A run was not traced");
    }
  }

  /** Sends what is left of the traces. */
  async close(): Promise<void> {
    await this.#tracer?.close();
  }
}

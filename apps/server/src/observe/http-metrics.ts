import { Histogram, type Registry } from "prom-client";

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its route, or `none`. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The requests of a server, by method, route and status. */
export class HttpMetrics {
  readonly #durations: Histogram<"method" | "route" | "status">;

  constructor(registry: Registry) {
    this.#durations = new Histogram({
      name: "glovebox_http_request_duration_seconds",
      help: "Time until a response has ended. Event streams last as long as their clients follow.",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30],
      registers: [registry],
    });
  }

  observe({ method, route, status, durationMs }: AnsweredRequest): void {
    const labels = { method: methods.has(method) ? method : "other", route, status: String(status) };
    this.#durations.observe(labels, durationMs / 1000);
  }
}

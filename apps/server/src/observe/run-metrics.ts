import type { Run, Store } from "@glovebox/store";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

const buckets = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600];
/** However often it is scraped, the database is asked no more often than this. */
const cacheMs = 5_000;
/** A worker that was not heard of for this time is not counted. */
const workerMs = 60_000;

type Labels = "harness" | "provider" | "outcome";

/** The runs of all servers of a store, and those that this process has carried. */
export class RunMetrics {
  readonly #store: Pick<Store, "runs" | "workers" | "cost">;
  readonly #ended: Counter<Labels>;
  readonly #durations: Histogram<Labels>;
  readonly #waits: Histogram<"provider">;
  readonly #tokens: Counter<"harness" | "kind">;
  readonly #cost: Counter<"harness">;
  #last: { readonly at: number; readonly snapshot: Promise<Snapshot> } | undefined;

  constructor(registry: Registry, store: Pick<Store, "runs" | "workers" | "cost">) {
    this.#store = store;
    const registers = [registry];
    const labelNames = ["harness", "provider", "outcome"] as const;
    this.#addGauges(registry);
    this.#ended = new Counter({
      name: "glovebox_runs_ended_total",
      help: "Runs that this process has carried to their end.",
      labelNames,
      registers,
    });
    this.#durations = new Histogram({
      name: "glovebox_run_duration_seconds",
      help: "How long the runs of this process took.",
      labelNames,
      buckets,
      registers,
    });
    this.#waits = new Histogram({
      name: "glovebox_run_queue_seconds",
      help: "How long the runs of this process waited in the queue.",
      labelNames: ["provider"],
      buckets,
      registers,
    });
    this.#tokens = new Counter({
      name: "glovebox_run_tokens_total",
      help: "Tokens of the runs of this process.",
      labelNames: ["harness", "kind"],
      registers,
    });
    this.#cost = new Counter({
      name: "glovebox_run_cost_usd_total",
      help: "What the models of the runs of this process cost, in US dollars.",
      labelNames: ["harness"],
      registers,
    });
  }

  /** Counts a run that this process has carried to its end. */
  ended({ harness, provider, outcome = "failed", durationMs, createdAt, startedAt, tokens, costUsd }: Run): void {
    this.#ended.inc({ harness, provider, outcome });
    if (durationMs !== undefined) this.#durations.observe({ harness, provider, outcome }, durationMs / 1000);
    if (startedAt !== undefined) {
      this.#waits.observe({ provider }, Math.max(0, startedAt.getTime() - createdAt.getTime()) / 1000);
    }
    for (const [kind, count] of Object.entries(tokens ?? {})) this.#tokens.inc({ harness, kind }, count);
    if (costUsd !== undefined) this.#cost.inc({ harness }, costUsd);
  }

  #addGauges(registry: Registry): void {
    const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[], set: Setter<T>): void => {
      const read = (): Promise<Snapshot> => this.#read();
      new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        async collect() {
          set(this, await read());
        },
      });
    };
    gauge("glovebox_runs", "Runs of all servers of the database, by state.", ["state"], (runs, { counts }) => {
      for (const [state, count] of Object.entries(counts)) runs.set({ state }, count);
    });
    gauge("glovebox_workers", "Workers that were heard of within a minute.", [], (count, { workers }) => {
      count.set(workers.length);
    });
    gauge("glovebox_worker_capacity", "Runs that these workers can carry at once.", [], (sum, { workers }) => {
      sum.set(workers.reduce((total, { capacity }) => total + capacity, 0));
    });
    gauge("glovebox_harness_cost_usd", "Cost of all runs of the database.", ["harness"], (cost, { costs }) => {
      for (const { key, costUsd } of costs) cost.set({ harness: key }, costUsd);
    });
  }

  /** Asks the database, or returns what it answered a moment ago. */
  #read(): Promise<Snapshot> {
    if (this.#last === undefined || performance.now() - this.#last.at > cacheMs) {
      this.#last = { at: performance.now(), snapshot: readSnapshot(this.#store) };
    }
    return this.#last.snapshot;
  }
}

interface Snapshot {
  readonly counts: Awaited<ReturnType<Store["runs"]["counts"]>>;
  readonly workers: Awaited<ReturnType<Store["workers"]["list"]>>;
  readonly costs: Awaited<ReturnType<Store["cost"]["by"]>>;
}

type Setter<T extends string> = (gauge: Gauge<T>, snapshot: Snapshot) => void;

async function readSnapshot({ runs, workers, cost }: Pick<Store, "runs" | "workers" | "cost">): Promise<Snapshot> {
  const seenSince = new Date(Date.now() - workerMs);
  const [counts, seen, costs] = await Promise.all([runs.counts(), workers.list({ seenSince }), cost.by("harness")]);
  return { counts, workers: seen, costs };
}

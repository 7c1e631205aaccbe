import type { RunEvent } from "@glovebox/core";

export interface ModelTotals {
  readonly model: string;
  readonly requests: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Absent where no price is known. */
  readonly costUsd: number | undefined;
}

export interface CostPoint {
  readonly at: string;
  readonly totalUsd: number;
}

type Usage = Extract<RunEvent, { type: "usage" }>;

/** What the models of a run have used. The gateway's numbers count; the harness's own are used only where there are no others. */
export class ModelUsage {
  readonly #bySource = { gateway: new Map<string, ModelTotals>(), harness: new Map<string, ModelTotals>() };
  readonly #points: { gateway: CostPoint[]; harness: CostPoint[] } = { gateway: [], harness: [] };

  push(event: RunEvent): void {
    if (event.type !== "usage") return;
    const totals = this.#bySource[event.source];
    totals.set(event.model, added(totals.get(event.model), event));
    if (event.costUsd === undefined) return;
    const points = this.#points[event.source];
    points.push({ at: event.time, totalUsd: (points.at(-1)?.totalUsd ?? 0) + event.costUsd });
  }

  get models(): readonly ModelTotals[] {
    return [...this.#bySource[this.#source].values()];
  }

  /** The cost after each request. */
  get points(): readonly CostPoint[] {
    return this.#points[this.#source];
  }

  get totalUsd(): number | undefined {
    return this.points.at(-1)?.totalUsd;
  }

  get #source(): Usage["source"] {
    return this.#bySource.gateway.size > 0 ? "gateway" : "harness";
  }
}

function added(before: ModelTotals | undefined, event: Usage): ModelTotals {
  const cost = before?.costUsd === undefined && event.costUsd === undefined ? undefined : (before?.costUsd ?? 0);
  return {
    model: event.model,
    requests: (before?.requests ?? 0) + 1,
    input: (before?.input ?? 0) + event.input,
    output: (before?.output ?? 0) + event.output,
    cacheRead: (before?.cacheRead ?? 0) + event.cacheRead,
    cacheWrite: (before?.cacheWrite ?? 0) + event.cacheWrite,
    costUsd: cost === undefined ? undefined : cost + (event.costUsd ?? 0),
  };
}

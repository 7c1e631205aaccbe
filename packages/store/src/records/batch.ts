import type { JsonObject } from "./run.ts";

/** How many runs of a batch are in each state. `succeeded` is a part of `ended`. */
export interface BatchCounts {
  readonly queued: number;
  readonly running: number;
  readonly ended: number;
  readonly succeeded: number;
}

/** Runs that were started together, under one budget. It has ended when all of its runs have. */
export interface Batch {
  readonly id: string;
  readonly userId: string;
  readonly name?: string;
  readonly state: "running" | "ended";
  readonly request: JsonObject;
  /** What its runs may cost in all, in US dollars. */
  readonly maxCostUsd?: number;
  /** How many of its runs may run at the same time. */
  readonly concurrency?: number;
  readonly counts: BatchCounts;
  readonly costUsd: number;
  readonly createdAt: Date;
  readonly endedAt?: Date;
}

/** A batch to start. */
export type NewBatch = Pick<Batch, "id" | "userId" | "request"> &
  Partial<Pick<Batch, "name" | "maxCostUsd" | "concurrency">>;

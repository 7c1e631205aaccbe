import type { RunOutcome, RunPhase, RunResult } from "@glovebox/core";

/** Where a run is: it waits for a worker, a worker carries it, or it has ended. */
export type RunState = "queued" | "running" | "ended";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A run of the server. Times are of the database's clock. */
export interface Run {
  readonly id: string;
  readonly userId: string;
  readonly state: RunState;
  /** Its phase, once a worker has started it. */
  readonly phase?: RunPhase;
  readonly outcome?: RunOutcome;
  /** Why it ended so, in one line. */
  readonly reason?: string;
  readonly exitCode?: number;
  /** What was asked for, as the API validated it. */
  readonly request: JsonObject;
  readonly name?: string;
  /** The prompt's first words. */
  readonly promptPreview: string;
  readonly harness: string;
  /** The name under which the server's configuration has the provider. */
  readonly provider: string;
  readonly template?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly batchId?: string;
  readonly rowId?: string;
  /** The run whose files and conversation it continues. */
  readonly continues?: string;
  /** The run that it is a fork of: it continues that run under a session of its own. */
  readonly forkOf?: string;
  /** 0 to 9; higher ones start first. */
  readonly priority: number;
  /** Its place in the queue, from 1. Only of a queued run. */
  readonly place?: number;
  /** Counts the workers that took it. A worker whose epoch is an earlier one may write nothing any more. */
  readonly epoch: number;
  readonly workerId?: string;
  /** When its worker has to have been heard of again. */
  readonly leaseUntil?: Date;
  /** Whether its worker may have created a sandbox: from here on it is recovered and never started a second time. */
  readonly hasBegun: boolean;
  readonly sandboxId?: string;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  readonly durationMs?: number;
  /** In US dollars; of a running run, so far. */
  readonly costUsd?: number;
  /** What it may cost: what it asked for, or less where its user's or its batch's budget had less left. */
  readonly maxCostUsd?: number;
  readonly tokens?: NonNullable<RunResult["tokens"]>;
  readonly filesCount?: number;
  readonly filesBytes?: number;
  readonly lastEventSeq: number;
  /** How many events earlier attempts left: the first event of the worker's journal follows them. */
  readonly eventOffset: number;
  /** Since when a running run has made no progress. */
  readonly stalledSince?: Date;
}

/** A run to queue. Its id is one of core's `newRunId()`. */
export type NewRun = Pick<Run, "id" | "userId" | "request" | "promptPreview" | "harness" | "provider"> &
  Partial<
    Pick<Run, "name" | "template" | "labels" | "batchId" | "rowId" | "continues" | "forkOf" | "priority" | "maxCostUsd">
  >;

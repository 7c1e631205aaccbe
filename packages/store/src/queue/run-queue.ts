import type { Cleanup, RunEvent, RunOutcome, RunPhase, RunResult } from "@glovebox/core";
import { type Kysely, sql, type Transaction, type UpdateObject } from "kysely";
import { channelName, type Engine } from "../engine/engine.ts";
import { notify } from "../engine/notify.ts";
import type { JsonObject, Run } from "../records/run.ts";
import type { Tables } from "../schema/tables.ts";
import type { ModelUsage, StoredResult } from "../tables/run-table.ts";
import { toRun } from "../tables/run-table.ts";
import { claimQueued } from "./claim-queued.ts";
import { storeEnd } from "./store-end.ts";
import { storeEndEvent } from "./store-end-event.ts";
import { supersededError } from "./superseded-error.ts";

/** A worker as the queue knows it. */
export interface Claimant {
  readonly workerId: string;
  /** The names of the providers that it reaches. */
  readonly providers: readonly string[];
  /** For how long its runs are its own without a heartbeat. */
  readonly leaseMs: number;
}

/** What a worker reports of a run that it carries. */
export interface RunProgress {
  readonly phase?: RunPhase;
  readonly sandboxId?: string;
  readonly costUsd?: number;
  readonly tokens?: Run["tokens"];
  /** `null` once it makes progress again. */
  readonly stalledSince?: Date | null;
}

/** What came of a run. */
export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly reason: string;
  readonly exitCode: number;
  readonly durationMs?: number;
  readonly costUsd?: number;
  readonly tokens?: Run["tokens"];
  /** Core's result without its files. Absent if the run never started. */
  readonly result?: StoredResult;
  readonly files?: StoredFiles;
  readonly usage?: readonly ModelUsage[];
  /** The last event of the worker's journal: whoever follows the run gets it with the end. Absent: one is made. */
  readonly lastEvent?: RunEvent;
  /** What is left of a run without a last event. Default: nothing. */
  readonly cleanup?: Cleanup;
}

/** The files of a run, whose contents are blobs already. */
export interface StoredFiles {
  /** Core's `CollectedFiles`, with the names of files instead of paths on the worker. */
  readonly manifest: RunResult["files"];
  /** Core's baseline of the workspace. */
  readonly baseline?: JsonObject;
  readonly contents: readonly StoredFile[];
  readonly count: number;
  readonly bytes: number;
}

/** One blob of a run. */
export interface StoredFile {
  /** A file that the run brought back, by its path; or what belongs to the run as a whole. */
  readonly kind: "file" | "patch" | "bundle" | "session" | "journal";
  /** Empty but for `file`. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The queue of runs. A run that a worker claims is its own until its lease ends; each claim makes a new epoch, and every write of a
 * worker names its own: one that was superseded writes nothing and gets `aborted`.
 */
export class RunQueue {
  readonly #engine: Engine;
  readonly #db: Kysely<Tables>;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#db = engine.db;
  }

  /** Calls back when the queue may have changed. */
  onChange(callback: () => void): () => void {
    return this.#engine.listen("jobs", callback);
  }

  /** Takes at most `count` queued runs: by priority, then age, as far as the limits of their users and batches allow. */
  async claim(claimant: Claimant, count: number): Promise<readonly Run[]> {
    if (count < 1 || claimant.providers.length === 0) return [];
    return await this.#alone(async (transaction) => (await claimQueued(transaction, claimant, count)).map(toRun));
  }

  /**
   * Takes runs whose worker was not heard of in time, or that this worker carried before it was started again. Those that had not
   * begun go back into the queue; returned are those to recover.
   */
  async claimLost(claimant: Claimant, options: { readonly own?: boolean } = {}): Promise<readonly Run[]> {
    const { workerId, providers, leaseMs } = claimant;
    const lost = options.own === true ? sql`worker_id = ${workerId}` : sql`lease_until < now()`;
    return await this.#alone(async (transaction) => {
      const { rows } = await sql`
        update runs set state = 'queued', worker_id = null, lease_until = null, phase = null, event_offset = last_event_seq
        where state = 'running' and not has_begun and ${lost} returning id
      `.execute(transaction);
      if (rows.length > 0) await notify(transaction, "jobs", "");
      const taken = await transaction
        .updateTable("runs")
        .set({ epoch: sql`epoch + 1`, workerId, leaseUntil: leaseEnd(leaseMs) })
        .where("state", "=", "running")
        .where("hasBegun", "=", true)
        .where("provider", "in", providers)
        .where(sql<boolean>`${lost}`)
        .returningAll()
        .execute();
      return taken.map(toRun);
    });
  }

  /** Extends the leases of the runs that a worker carries. Returns the ids and epochs of those that are still its own. */
  async heartbeat({ workerId, leaseMs }: Claimant, runIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return await this.#db.transaction().execute(async (transaction) => {
      await transaction.updateTable("workers").set({ lastSeenAt: sql`now()` }).where("id", "=", workerId).execute();
      if (runIds.length === 0) return new Map();
      const rows = await transaction
        .updateTable("runs")
        .set({ leaseUntil: leaseEnd(leaseMs) })
        .where("id", "in", runIds)
        .where("workerId", "=", workerId)
        .where("state", "=", "running")
        .returning(["id", "epoch"])
        .execute();
      return new Map(rows.map(({ id, epoch }) => [id, epoch]));
    });
  }

  /** Records that a sandbox may exist from here on, before it is created: the run is never started a second time. */
  async begin(runId: string, epoch: number, record: JsonObject): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await this.#write(transaction, runId, epoch, { hasBegun: true });
      const detail = { record: JSON.stringify(record) };
      await transaction
        .insertInto("runDetails")
        .values({ runId, ...detail })
        .onConflict((conflict) => conflict.column("runId").doUpdateSet(detail))
        .execute();
    });
  }

  async progress(runId: string, epoch: number, { tokens, ...columns }: RunProgress): Promise<void> {
    await this.#write(this.#db, runId, epoch, { ...columns, ...(tokens && { tokens: JSON.stringify(tokens) }) });
  }

  /** Puts a run that has not begun back into the queue, where it keeps its place. */
  async release(runId: string, epoch: number): Promise<void> {
    const { rows } = await sql`
      update runs set state = 'queued', worker_id = null, lease_until = null, phase = null, event_offset = last_event_seq
      where id = ${runId} and epoch = ${epoch} and state = 'running' and not has_begun returning id
    `.execute(this.#db);
    if (rows.length === 0) throw supersededError(runId);
    await notify(this.#db, "jobs", "");
  }

  /** Records the end of a run, with everything that it brought back. */
  async end(runId: string, epoch: number, end: RunEnd): Promise<void> {
    const { outcome, reason, exitCode, durationMs, costUsd, tokens, files } = end;
    await this.#db.transaction().execute(async (transaction) => {
      await this.#write(transaction, runId, epoch, {
        ...{ state: "ended", phase: "ended", outcome, reason, exitCode, endedAt: sql<Date>`now()` },
        ...{ leaseUntil: null, stalledSince: null },
        ...(durationMs !== undefined && { durationMs }),
        ...(costUsd !== undefined && { costUsd }),
        ...(tokens !== undefined && { tokens: JSON.stringify(tokens) }),
        ...(files !== undefined && { filesCount: files.count, filesBytes: files.bytes }),
      });
      await storeEndEvent(transaction, { runId, ...end });
      await storeEnd(transaction, runId, end);
      await notify(transaction, "jobs", "");
    });
  }

  /** Ends a run that waits in the queue. False if it does not wait any more. */
  async cancel(runId: string, reason: string): Promise<boolean> {
    const end = { outcome: "cancelled", reason, exitCode: 130 } as const;
    return await this.#db.transaction().execute(async (transaction) => {
      const query = transaction
        .updateTable("runs")
        .set({ ...end, state: "ended", phase: "ended", endedAt: sql<Date>`now()` })
        .where("id", "=", runId)
        .where("state", "=", "queued");
      if ((await query.executeTakeFirst()).numUpdatedRows === 0n) return false;
      await storeEndEvent(transaction, { runId, ...end });
      await notify(transaction, "jobs", "");
      return true;
    });
  }

  /** Changes the priority of a run that waits in the queue. False if it does not wait any more. */
  async prioritize(runId: string, priority: number): Promise<boolean> {
    const query = this.#db.updateTable("runs").set({ priority }).where("id", "=", runId).where("state", "=", "queued");
    return (await query.executeTakeFirst()).numUpdatedRows === 1n;
  }

  async #write(db: Kysely<Tables>, runId: string, epoch: number, set: RunChanges): Promise<void> {
    const query = db.updateTable("runs").set(set).where("id", "=", runId).where("epoch", "=", epoch);
    const { numUpdatedRows } = await query.where("state", "=", "running").executeTakeFirst();
    if (numUpdatedRows === 0n) throw supersededError(runId);
  }

  /** One claim at a time: the limits of users hold for all workers together. */
  async #alone<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return await this.#db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext(${channelName("jobs")}))`.execute(transaction);
      return await work(transaction);
    });
  }
}

type RunChanges = UpdateObject<Tables, "runs">;

function leaseEnd(leaseMs: number) {
  return sql<Date>`now() + make_interval(secs => ${leaseMs / 1000}::double precision)`;
}

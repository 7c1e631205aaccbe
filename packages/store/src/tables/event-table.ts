import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "@glovebox/core";
import type { Engine } from "../engine/engine.ts";
import { isOutage } from "../engine/is-outage.ts";
import { appendEvents } from "../queue/append-events.ts";
import type { RunEventRecord } from "../records/run-event-record.ts";
import { Changes } from "./changes.ts";

const pageLength = 500;
/** A notification can get lost with its connection. */
const lookAgainMs = 5_000;

/** The events of all runs. */
export class EventTable {
  readonly #engine: Engine;
  readonly #changes: Changes;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#changes = new Changes(engine, "events");
  }

  /**
   * Appends events of the run's journal, and tells whoever follows it. What is stored already stays as it is, so that a call can be
   * repeated. Throws `aborted` if another worker has the run.
   */
  async append(runId: string, epoch: number, events: readonly RunEvent[]): Promise<void> {
    if (events.length > 0) await appendEvents(this.#engine.db, { runId, epoch, events });
  }

  /** At most `limit` events that follow `afterSeq`, in their order. */
  async read(runId: string, afterSeq = 0, limit = pageLength): Promise<readonly RunEventRecord[]> {
    const rows = await this.#engine.db
      .selectFrom("runEvents")
      .selectAll()
      .where("runId", "=", runId)
      .where("seq", ">", afterSeq)
      .orderBy("seq")
      .limit(limit)
      .execute();
    // Only `append` writes them. Their number is the store's: an earlier attempt may have left events of its own.
    return rows.map((row) => ({ ...row, event: { ...(row.event as unknown as RunEvent), seq: row.seq } }));
  }

  /** Every event that follows `afterSeq`, and those to come, until the run has ended. Ends early when the signal is aborted. */
  async *follow(runId: string, afterSeq = 0, signal?: AbortSignal): AsyncGenerator<RunEventRecord, void> {
    const watch = this.#changes.watch(runId);
    try {
      for (let after = afterSeq; signal?.aborted !== true; ) {
        // Asked before reading: what was stored before the run ended is then still read.
        const changed = watch.next();
        const { hasEnded, events } = await this.#next(runId, after);
        yield* events;
        after = events.at(-1)?.seq ?? after;
        if (events.length > 0) continue;
        if (hasEnded) return;
        await changeOrPause(changed, signal);
      }
    } finally {
      watch.close();
    }
  }

  /** Nothing while the database is away: whoever follows a run outlasts that. */
  async #next(runId: string, after: number) {
    try {
      return { hasEnded: await this.#hasEnded(runId), events: await this.read(runId, after) };
    } catch (error) {
      if (!isOutage(error)) throw error;
      return { hasEnded: false, events: [] };
    }
  }

  async #hasEnded(runId: string): Promise<boolean> {
    const query = this.#engine.db.selectFrom("runs").select("state").where("id", "=", runId);
    const run = await query.executeTakeFirst();
    return run === undefined || run.state === "ended";
  }
}

async function changeOrPause(changed: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController();
  const pause = sleep(lookAgainMs, undefined, { signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]) });
  // Aborted by the caller, who looks at the signal, or by what follows.
  await Promise.race([changed, pause.catch(() => {})]);
  over.abort();
}

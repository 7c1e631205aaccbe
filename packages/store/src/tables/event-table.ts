import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "@glovebox/core";
import { sql } from "kysely";
import { channelName, type Engine } from "../engine/engine.ts";
import { supersededError } from "../queue/superseded-error.ts";
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
    const last = events.at(-1);
    if (last === undefined) return;
    const [seqs, times] = [events.map(({ seq }) => seq), events.map(({ time }) => time)];
    const { rows } = await sql<{ done: unknown }>`
      with guard as (
        update runs set last_event_seq = greatest(last_event_seq, event_offset + ${last.seq}::integer)
        where id = ${runId} and epoch = ${epoch} and state = 'running' returning id, event_offset
      ), stored as (
        insert into run_events (run_id, seq, at, event)
        select guard.id, guard.event_offset + one.seq, one.at, one.event::json
        from guard, unnest(${seqs}::integer[], ${times}::timestamptz[], ${events.map((event) => JSON.stringify(event))}::text[])
          as one (seq, at, event)
        on conflict do nothing
      )
      select pg_notify(${channelName("events")}, guard.id) as done from guard
    `.execute(this.#engine.db);
    if (rows.length === 0) throw supersededError(runId);
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
        const hasEnded = await this.#hasEnded(runId);
        const events = await this.read(runId, after);
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

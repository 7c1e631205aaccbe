import type { RunEvent } from "@glovebox/core";
import { type Kysely, sql } from "kysely";
import { channelName } from "../engine/engine.ts";
import type { Tables } from "../schema/tables.ts";
import { supersededError } from "./superseded-error.ts";

interface AppendedEvents {
  readonly runId: string;
  readonly epoch: number;
  /** With the numbers of the worker's journal, in their order. */
  readonly events: readonly RunEvent[];
}

/** Stores events in one statement, if the run is of this epoch, and notifies whoever follows it. Throws `aborted` otherwise. */
export async function appendEvents(db: Kysely<Tables>, { runId, epoch, events }: AppendedEvents): Promise<void> {
  const last = events.at(-1)?.seq ?? 0;
  const seqs = events.map(({ seq }) => seq);
  const times = events.map(({ time }) => time);
  const texts = events.map((event) => JSON.stringify(event));
  const { rows } = await sql`
    with guard as (
      update runs set last_event_seq = greatest(last_event_seq, event_offset + ${last}::integer)
      where id = ${runId} and epoch = ${epoch} and state = 'running' returning id, event_offset
    ), stored as (
      insert into run_events (run_id, seq, at, event)
      select guard.id, guard.event_offset + one.seq, one.at, one.event::json
      from guard, unnest(${seqs}::integer[], ${times}::timestamptz[], ${texts}::text[]) as one (seq, at, event)
      on conflict do nothing
    )
    select pg_notify(${channelName("events")}, guard.id) from guard
  `.execute(db);
  if (rows.length === 0) throw supersededError(runId);
}

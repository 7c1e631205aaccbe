import type { Cleanup, RunEvent, RunOutcome } from "@glovebox/core";
import type { Kysely } from "kysely";
import { notify } from "../engine/notify.ts";
import type { Tables } from "../schema/tables.ts";

interface EndEvent {
  readonly runId: string;
  readonly outcome: RunOutcome;
  readonly reason: string;
  readonly exitCode: number;
  readonly cleanup?: Cleanup | undefined;
  /** As the worker's journal has it. Absent: what the run came to. */
  readonly lastEvent?: RunEvent | undefined;
}

/**
 * Stores the last event of a run: every run that has ended has one. Its number follows what is stored: the journal of a worker
 * that recovered the run may have been shorter.
 */
export async function storeEndEvent(db: Kysely<Tables>, end: EndEvent): Promise<void> {
  const { runId, outcome, reason, exitCode, lastEvent, cleanup = { state: "clean" } } = end;
  const { lastEventSeq: seq } = await db
    .updateTable("runs")
    .set(({ eb }) => ({ lastEventSeq: eb("lastEventSeq", "+", 1) }))
    .where("id", "=", runId)
    .returning("lastEventSeq")
    .executeTakeFirstOrThrow();
  const at = new Date(lastEvent?.time ?? Date.now());
  const event: RunEvent = {
    ...(lastEvent ?? { v: 1, time: at.toISOString(), runId, type: "run.end", outcome, reason, exitCode, cleanup }),
    seq,
  };
  await db
    .insertInto("runEvents")
    .values({ runId, seq, at, event: JSON.stringify(event) })
    .execute();
  await notify(db, "events", runId);
}

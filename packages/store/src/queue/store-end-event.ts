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
}

/** Stores the last event of a run whose worker's journal has none: every run that has ended has one. */
export async function storeEndEvent(db: Kysely<Tables>, end: EndEvent): Promise<void> {
  const { runId, outcome, reason, exitCode, cleanup = { state: "clean" } } = end;
  const { lastEventSeq: seq } = await db
    .updateTable("runs")
    .set(({ eb }) => ({ lastEventSeq: eb("lastEventSeq", "+", 1) }))
    .where("id", "=", runId)
    .returning("lastEventSeq")
    .executeTakeFirstOrThrow();
  const at = new Date();
  const envelope = { v: 1, seq, time: at.toISOString(), runId } as const;
  const event: RunEvent = { ...envelope, type: "run.end", outcome, reason, exitCode, cleanup };
  await db
    .insertInto("runEvents")
    .values({ runId, seq, at, event: JSON.stringify(event) })
    .execute();
  await notify(db, "events", runId);
}

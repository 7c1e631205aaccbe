import { type Kysely, sql } from "kysely";
import type { Tables } from "../schema/tables.ts";
import { type Channel, channelName } from "./engine.ts";

/** Sends a notification; in a transaction when that is committed. */
export async function notify(db: Kysely<Tables>, channel: Channel, payload: string): Promise<void> {
  await sql`select pg_notify(${channelName(channel)}, ${payload})`.execute(db);
}

import type { Kysely } from "kysely";
import type { Tables } from "../schema/tables.ts";

/** Receives what was sent on a channel; `undefined` after a time in which nothing could be received. */
export type NotificationListener = (payload: string | undefined) => void;

/** A database that speaks PostgreSQL's SQL: a server, or one in this process. */
export interface Engine {
  readonly db: Kysely<Tables>;
  /** Calls the listener for every notification of the channel, until the returned function is called. */
  listen(channel: Channel, listener: NotificationListener): () => void;
  close(): Promise<void>;
}

/** `events`: a run's id has new events. `jobs`: the queue has changed. `commands`: a run's id has a new command or answer. */
export type Channel = "events" | "jobs" | "commands";

export const channels: readonly Channel[] = ["events", "jobs", "commands"];

/** The name of a channel in the database, which other programs may share. */
export function channelName(channel: Channel): string {
  return `glovebox_${channel}`;
}

import type { Kysely } from "kysely";
import type { BlobStore } from "../blobs/blob-store.ts";
import type { Tables } from "../schema/tables.ts";
import { removeUnusedBlobs } from "./remove-unused-blobs.ts";

/** What is kept, and for how long. */
export interface MaintenanceOptions {
  /** Runs that ended longer ago are deleted, in milliseconds. Default: they are kept. */
  readonly keepRunsMs?: number;
  /** The time that counts as now. Default: this machine's. */
  readonly now?: Date;
}

/** What one maintenance deleted. */
export interface MaintenanceReport {
  readonly runs: number;
  readonly blobs: number;
}

const keepCommandsMs = 60 * 60_000;

/** Deletes what has expired and what nothing names any more. */
export class Maintenance {
  readonly #db: Kysely<Tables>;
  readonly #blobs: BlobStore;

  constructor(db: Kysely<Tables>, blobs: BlobStore) {
    this.#db = db;
    this.#blobs = blobs;
  }

  async run({ keepRunsMs, now = new Date() }: MaintenanceOptions = {}): Promise<MaintenanceReport> {
    const runs = await this.#db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("uploads").where("expiresAt", "<=", now).execute();
      await transaction.deleteFrom("idempotencyRecords").where("expiresAt", "<=", now).execute();
      await transaction.deleteFrom("runCommands").where("createdAt", "<", before(now, keepCommandsMs)).execute();
      return keepRunsMs === undefined ? 0 : await removeRuns(transaction, before(now, keepRunsMs));
    });
    // Several processes may do this at the same time: each deletes what nothing names.
    return { runs, blobs: await removeUnusedBlobs(this.#db, this.#blobs, now) };
  }
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}

async function removeRuns(db: Kysely<Tables>, endedBefore: Date): Promise<number> {
  const deleted = db.deleteFrom("runs").where("state", "=", "ended").where("endedAt", "<", endedBefore);
  return Number((await deleted.executeTakeFirst()).numDeletedRows);
}

import { join } from "node:path";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { sql } from "kysely";
import type { BlobStore } from "./blobs/blob-store.ts";
import { DiskBlobs } from "./blobs/disk-blobs.ts";
import type { Engine } from "./engine/engine.ts";
import { PgliteEngine } from "./engine/pglite-engine.ts";
import { PostgresEngine } from "./engine/postgres-engine.ts";
import { Maintenance } from "./maintenance/maintenance.ts";
import { RunCommands } from "./queue/run-commands.ts";
import { RunQueue } from "./queue/run-queue.ts";
import { migrate } from "./schema/migrate.ts";
import type { Store } from "./store.ts";
import { AuditTable } from "./tables/audit-table.ts";
import { BatchTable } from "./tables/batch-table.ts";
import { CostTable } from "./tables/cost-table.ts";
import { EventTable } from "./tables/event-table.ts";
import { IdempotencyTable } from "./tables/idempotency-table.ts";
import { RunFileTable } from "./tables/run-file-table.ts";
import { RunTable } from "./tables/run-table.ts";
import { SecretTable } from "./tables/secret-table.ts";
import { SessionTable } from "./tables/session-table.ts";
import { ShareLinkTable } from "./tables/share-link-table.ts";
import { TokenTable } from "./tables/token-table.ts";
import { UploadTable } from "./tables/upload-table.ts";
import { UserTable } from "./tables/user-table.ts";
import { WorkerTable } from "./tables/worker-table.ts";

/** Where a store keeps what it holds. */
export interface StoreOptions {
  /** `postgresql://user:password@host/name`. Without it the database is in this process, with its files in `directory`. */
  readonly databaseUrl?: string;
  /** An absolute path: of the embedded database, and of blobs that are kept on disk. */
  readonly directory: string;
  /** Where blobs are kept. Default: on disk, in `directory`. */
  readonly blobs?: BlobStore;
}

/**
 * Opens a store, with its tables at this version. Throws `invalid-options` if another process has the embedded database open, and
 * `unavailable` if PostgreSQL cannot be reached.
 */
export async function openStore({ databaseUrl, directory, blobs }: StoreOptions): Promise<Store> {
  await makeHostDirectory(directory, 0o700);
  const engine =
    databaseUrl === undefined
      ? await PgliteEngine.open(join(directory, "database"))
      : await PostgresEngine.open(databaseUrl);
  try {
    await migrate(engine.db);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return tablesOf(engine, blobs ?? new DiskBlobs(join(directory, "blobs")));
}

function tablesOf(engine: Engine, blobs: BlobStore): Store {
  const { db } = engine;
  return {
    engine: engine instanceof PgliteEngine ? "embedded" : "postgresql",
    runs: new RunTable(db),
    files: new RunFileTable(db),
    events: new EventTable(engine),
    queue: new RunQueue(engine),
    commands: new RunCommands(engine),
    users: new UserTable(db),
    tokens: new TokenTable(db),
    sessions: new SessionTable(db),
    links: new ShareLinkTable(db),
    audit: new AuditTable(db),
    uploads: new UploadTable(db),
    batches: new BatchTable(db),
    workers: new WorkerTable(db),
    idempotency: new IdempotencyTable(db),
    secrets: new SecretTable(db),
    cost: new CostTable(db),
    blobs,
    maintenance: new Maintenance(db, blobs),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => engine.close(),
  };
}

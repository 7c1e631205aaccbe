import type { BlobStore } from "./blobs/blob-store.ts";
import type { Maintenance } from "./maintenance/maintenance.ts";
import type { RunCommands } from "./queue/run-commands.ts";
import type { RunQueue } from "./queue/run-queue.ts";
import type { AuditTable } from "./tables/audit-table.ts";
import type { BatchTable } from "./tables/batch-table.ts";
import type { CostTable } from "./tables/cost-table.ts";
import type { EventTable } from "./tables/event-table.ts";
import type { IdempotencyTable } from "./tables/idempotency-table.ts";
import type { RunFileTable } from "./tables/run-file-table.ts";
import type { RunTable } from "./tables/run-table.ts";
import type { SecretTable } from "./tables/secret-table.ts";
import type { SessionTable } from "./tables/session-table.ts";
import type { ShareLinkTable } from "./tables/share-link-table.ts";
import type { TokenTable } from "./tables/token-table.ts";
import type { UploadTable } from "./tables/upload-table.ts";
import type { UserTable } from "./tables/user-table.ts";
import type { WorkerTable } from "./tables/worker-table.ts";

/** Everything that a server keeps. */
export interface Store {
  /** Which database it is on. */
  readonly engine: "embedded" | "postgresql";
  readonly runs: RunTable;
  readonly files: RunFileTable;
  readonly events: EventTable;
  readonly queue: RunQueue;
  readonly commands: RunCommands;
  readonly users: UserTable;
  readonly tokens: TokenTable;
  readonly sessions: SessionTable;
  readonly links: ShareLinkTable;
  readonly audit: AuditTable;
  readonly uploads: UploadTable;
  readonly batches: BatchTable;
  readonly workers: WorkerTable;
  readonly idempotency: IdempotencyTable;
  readonly secrets: SecretTable;
  readonly cost: CostTable;
  readonly blobs: BlobStore;
  readonly maintenance: Maintenance;
  /** Resolves if the database answers: for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

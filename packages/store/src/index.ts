/**
 * What a Glovebox server keeps: runs, events, users, the queue, and blobs; embedded or on PostgreSQL.
 *
 * @module @glovebox/store
 */
export type { Blob, BlobRange, BlobStore } from "./blobs/blob-store.ts";
export { DiskBlobs } from "./blobs/disk-blobs.ts";
export { S3Blobs, type S3Options } from "./blobs/s3-blobs.ts";
export { isOutage } from "./engine/is-outage.ts";
export type { Maintenance, MaintenanceOptions, MaintenanceReport } from "./maintenance/maintenance.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export type { CommandAnswer, PendingCommand, RunCommand, RunCommands } from "./queue/run-commands.ts";
export type { Claimant, RunEnd, RunProgress, RunQueue, StoredFile, StoredFiles } from "./queue/run-queue.ts";
export type { AuditEntry } from "./records/audit-entry.ts";
export type { Batch, BatchCounts, NewBatch } from "./records/batch.ts";
export type { IdempotencyRecord } from "./records/idempotency-record.ts";
export type { Page, PageOptions } from "./records/page.ts";
export type { JsonObject, NewRun, Run, RunState } from "./records/run.ts";
export type { RunEventRecord } from "./records/run-event-record.ts";
export type { Session } from "./records/session.ts";
export type { ShareLink } from "./records/share-link.ts";
export type { Token } from "./records/token.ts";
export type { Upload } from "./records/upload.ts";
export type { Role, User, UserLimits } from "./records/user.ts";
export type { Worker } from "./records/worker.ts";
export type { Store } from "./store.ts";
export type { AuditFilter, AuditTable } from "./tables/audit-table.ts";
export type { BatchFilter, BatchTable } from "./tables/batch-table.ts";
export type { CostFilter, CostGroup, CostRow, CostTable } from "./tables/cost-table.ts";
export type { EventTable } from "./tables/event-table.ts";
export type { IdempotencyTable } from "./tables/idempotency-table.ts";
export type { RunFileTable, RunManifest } from "./tables/run-file-table.ts";
export type { RunFilter } from "./tables/run-filter.ts";
export type { ModelUsage, RunTable, StoredResult } from "./tables/run-table.ts";
export type { SecretTable } from "./tables/secret-table.ts";
export type { SessionTable } from "./tables/session-table.ts";
export type { NewShareLink, ShareLinkTable } from "./tables/share-link-table.ts";
export type { NewToken, TokenTable } from "./tables/token-table.ts";
export type { NewUpload, UploadTable } from "./tables/upload-table.ts";
export type { NewUser, UserChanges, UserTable } from "./tables/user-table.ts";
export type { WorkerTable } from "./tables/worker-table.ts";

import type { RunOutcome, RunPhase } from "@glovebox/core";
import type { ColumnType, Generated } from "kysely";
import type { JsonObject, Run, RunState } from "../records/run.ts";
import type { Role, UserLimits } from "../records/user.ts";

/** Goes in as text: how a driver would convert an object differs. */
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
type Time = ColumnType<Date, Date, Date>;
type DefaultTime = ColumnType<Date, Date | undefined, Date>;

interface RunTable {
  id: string;
  userId: string;
  state: Generated<RunState>;
  phase: RunPhase | null;
  outcome: RunOutcome | null;
  reason: string | null;
  exitCode: number | null;
  request: Json<JsonObject>;
  name: string | null;
  promptPreview: string;
  harness: string;
  provider: string;
  template: string | null;
  labels: Json<Readonly<Record<string, string>>>;
  batchId: string | null;
  rowId: string | null;
  continues: string | null;
  forkOf: string | null;
  priority: number;
  epoch: Generated<number>;
  workerId: string | null;
  leaseUntil: Date | null;
  hasBegun: Generated<boolean>;
  sandboxId: string | null;
  createdAt: DefaultTime;
  startedAt: Date | null;
  endedAt: Date | null;
  durationMs: number | null;
  costUsd: number | null;
  maxCostUsd: number | null;
  tokens: NullableJson<NonNullable<Run["tokens"]>>;
  filesCount: number | null;
  filesBytes: number | null;
  lastEventSeq: Generated<number>;
  eventOffset: Generated<number>;
  stalledSince: Date | null;
}

interface RunDetailTable {
  runId: string;
  /** Core's record of the run, by which another worker recovers it. */
  record: NullableJson<JsonObject>;
  /** Core's result, without its files. */
  result: NullableJson<JsonObject>;
}

interface RunEventTable {
  runId: string;
  seq: number;
  at: Time;
  event: Json<JsonObject>;
}

interface RunFileTable {
  runId: string;
  /** `file` for what the run brought back; else what the blob is, such as `patch`. */
  kind: string;
  path: string;
  sha256: string;
  bytes: number;
}

interface RunManifestTable {
  runId: string;
  manifest: Json<JsonObject>;
  baseline: NullableJson<JsonObject>;
}

interface RunUsageTable {
  runId: string;
  model: string;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  costUsd: number | null;
}

interface RunCommandTable {
  id: string;
  runId: string;
  command: Json<JsonObject>;
  createdAt: DefaultTime;
  answeredAt: Date | null;
  answer: NullableJson<JsonObject>;
}

interface UserTable {
  id: string;
  name: string;
  role: Role;
  limits: Json<UserLimits>;
  oidcSubject: string | null;
  createdAt: DefaultTime;
  disabledAt: Date | null;
}

interface TokenTable {
  id: string;
  userId: string;
  name: string;
  prefix: string;
  hash: string;
  role: Role | null;
  createdAt: DefaultTime;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

interface SessionTable {
  idHash: string;
  userId: string;
  csrf: string;
  createdAt: Time;
  lastSeenAt: Time;
  expiresAt: Time;
}

interface ShareLinkTable {
  id: string;
  runId: string;
  secretHash: string;
  createdBy: string;
  createdAt: DefaultTime;
  expiresAt: Time;
  revokedAt: Date | null;
}

interface AuditEntryTable {
  id: string;
  at: DefaultTime;
  userId: string | null;
  tokenId: string | null;
  action: string;
  target: string | null;
  detail: Json<JsonObject>;
  address: string;
  requestId: string;
}

interface UploadTable {
  id: string;
  userId: string;
  sha256: string;
  bytes: number;
  createdAt: DefaultTime;
  expiresAt: Time;
}

interface BatchTable {
  id: string;
  userId: string;
  name: string | null;
  request: Json<JsonObject>;
  maxCostUsd: number | null;
  concurrency: number | null;
  createdAt: DefaultTime;
}

interface WorkerTable {
  id: string;
  host: string;
  startedAt: DefaultTime;
  lastSeenAt: DefaultTime;
  providers: Json<readonly string[]>;
  capacity: number;
}

interface IdempotencyTable {
  userId: string;
  key: string;
  requestHash: string;
  status: number | null;
  body: NullableJson<unknown>;
  expiresAt: Time;
}

interface SecretTable {
  name: string;
  value: string;
}

/** Every table of the store, as kysely sees them: `CamelCasePlugin` maps the names. */
export interface Tables {
  runs: RunTable;
  runDetails: RunDetailTable;
  runEvents: RunEventTable;
  runFiles: RunFileTable;
  runManifests: RunManifestTable;
  runUsage: RunUsageTable;
  runCommands: RunCommandTable;
  users: UserTable;
  tokens: TokenTable;
  sessions: SessionTable;
  shareLinks: ShareLinkTable;
  auditEntries: AuditEntryTable;
  uploads: UploadTable;
  batches: BatchTable;
  workers: WorkerTable;
  idempotencyRecords: IdempotencyTable;
  secrets: SecretTable;
}

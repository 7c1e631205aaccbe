import { type Kysely, sql } from "kysely";

const statements = [
  `create table users (
    id text primary key, name text not null unique, role text not null check (role in ('viewer', 'runner', 'admin')),
    limits jsonb not null default '{}', oidc_subject text unique,
    created_at timestamptz(3) not null default now(), disabled_at timestamptz(3))`,
  `create table tokens (
    id text primary key, user_id text not null references users on delete cascade, name text not null, prefix text not null,
    hash text not null unique, role text check (role in ('viewer', 'runner', 'admin')),
    created_at timestamptz(3) not null default now(), last_used_at timestamptz(3), expires_at timestamptz(3), revoked_at timestamptz(3))`,
  "create index tokens_of_user on tokens (user_id)",
  `create table sessions (
    id_hash text primary key, user_id text not null references users on delete cascade, csrf text not null,
    created_at timestamptz(3) not null, last_seen_at timestamptz(3) not null, expires_at timestamptz(3) not null)`,
  "create index sessions_of_user on sessions (user_id)",
  `create table batches (
    id text primary key, user_id text not null references users, name text, request jsonb not null,
    max_cost_usd double precision, concurrency integer, created_at timestamptz(3) not null default now())`,
  "create index batches_by_age on batches (created_at desc, id desc)",
  `create table runs (
    id text primary key, user_id text not null references users,
    state text not null default 'queued' check (state in ('queued', 'running', 'ended')),
    phase text, outcome text, reason text, exit_code integer, request jsonb not null, name text, prompt_preview text not null,
    harness text not null, provider text not null, template text, labels jsonb not null default '{}',
    batch_id text references batches, row_id text, continues text, fork_of text,
    priority integer not null default 0 check (priority between 0 and 9),
    epoch integer not null default 0, worker_id text, lease_until timestamptz(3), has_begun boolean not null default false,
    sandbox_id text, created_at timestamptz(3) not null default now(), started_at timestamptz(3), ended_at timestamptz(3),
    duration_ms bigint, cost_usd double precision, max_cost_usd double precision, tokens jsonb,
    files_count integer, files_bytes bigint, last_event_seq integer not null default 0, event_offset integer not null default 0,
    stalled_since timestamptz(3))`,
  "create index runs_by_age on runs (created_at desc, id desc)",
  "create index runs_of_user on runs (user_id, created_at desc, id desc)",
  "create index runs_in_queue on runs (priority desc, created_at, id) where state = 'queued'",
  "create index runs_that_run on runs (worker_id, lease_until) where state = 'running'",
  "create index runs_of_batch on runs (batch_id) where batch_id is not null",
  "create index runs_started on runs (user_id, started_at) where started_at is not null",
  "create index runs_by_labels on runs using gin (labels jsonb_path_ops)",
  "create table run_details (run_id text primary key references runs on delete cascade, record jsonb, result jsonb)",
  `create table run_events (
    run_id text not null references runs on delete cascade, seq integer not null, at timestamptz(3) not null, event json not null,
    primary key (run_id, seq))`,
  `create table run_files (
    run_id text not null references runs on delete cascade, kind text not null, path text not null, sha256 text not null,
    bytes bigint not null, primary key (run_id, kind, path))`,
  "create index run_files_by_content on run_files (sha256)",
  `create table run_manifests (
    run_id text primary key references runs on delete cascade, manifest json not null, baseline json)`,
  `create table run_usage (
    run_id text not null references runs on delete cascade, model text not null, input bigint not null, output bigint not null,
    cache_read bigint not null, cache_write bigint not null, cost_usd double precision, primary key (run_id, model))`,
  `create table run_commands (
    id text primary key, run_id text not null references runs on delete cascade, command jsonb not null,
    created_at timestamptz(3) not null default now(), answered_at timestamptz(3), answer jsonb)`,
  "create index run_commands_to_answer on run_commands (run_id, created_at) where answered_at is null",
  `create table share_links (
    id text primary key, run_id text not null references runs on delete cascade, secret_hash text not null unique,
    created_by text not null references users, created_at timestamptz(3) not null default now(),
    expires_at timestamptz(3) not null, revoked_at timestamptz(3))`,
  "create index share_links_of_run on share_links (run_id)",
  `create table audit_entries (
    id text primary key, at timestamptz(3) not null default now(), user_id text, token_id text, action text not null, target text,
    detail jsonb not null, address text not null, request_id text not null)`,
  "create index audit_entries_by_age on audit_entries (at desc, id desc)",
  `create table uploads (
    id text primary key, user_id text not null references users, sha256 text not null, bytes bigint not null,
    created_at timestamptz(3) not null default now(), expires_at timestamptz(3) not null)`,
  "create index uploads_by_content on uploads (sha256)",
  `create table workers (
    id text primary key, host text not null, started_at timestamptz(3) not null default now(),
    last_seen_at timestamptz(3) not null default now(), providers jsonb not null, capacity integer not null)`,
  `create table idempotency_records (
    user_id text not null references users on delete cascade, key text not null, request_hash text not null, status integer,
    body json, expires_at timestamptz(3) not null, primary key (user_id, key))`,
  "create table secrets (name text primary key, value text not null)",
];

/** The tables of the first release. */
export async function firstSchema(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

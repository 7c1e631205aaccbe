import { DurableObject } from "cloudflare:workers";
import type { SandboxInfo } from "../sandbox/sandbox-record.ts";
import type { WorkerEnv } from "../settings/worker-env.ts";

export interface SandboxQuery {
  /** Names and values that must all match. */
  readonly labels: readonly (readonly [string, string])[];
  readonly limit: number;
  /** The last id of the previous page. */
  readonly after?: string;
}

export interface SandboxPage {
  readonly sandboxes: readonly SandboxInfo[];
  /** Present if there are more pages. */
  readonly cursor?: string;
}

/** A snapshot of a container's file system. */
export interface SnapshotRecord {
  readonly id: string;
  /** The image of the original request. */
  readonly image: string;
  readonly createdAt: number;
}

/** How long a template is stored, in milliseconds: less than the platform keeps the snapshot behind it. */
const templateMs = 25 * 24 * 60 * 60 * 1000;

/** How long past its expected change an entry is refreshed, in milliseconds. */
const staleMs = 60_000;

/** Lists this Worker's sandboxes, snapshots and templates, which the platform does not. Each sandbox's object is authoritative. */
export class SandboxRegistry extends DurableObject<WorkerEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: WorkerEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS sandboxes (id TEXT PRIMARY KEY, info TEXT NOT NULL)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS snapshots (id TEXT PRIMARY KEY, record TEXT NOT NULL)");
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS templates (digest TEXT PRIMARY KEY, reference TEXT NOT NULL, at INTEGER NOT NULL)",
    );
  }

  /** Stores a sandbox. Returns false without storing it if that would exceed `maxRunning`. */
  put(info: SandboxInfo, maxRunning?: number): boolean {
    if (maxRunning !== undefined && this.#running(info.id) >= maxRunning) return false;
    this.#sql.exec("INSERT OR REPLACE INTO sandboxes VALUES (?, ?)", info.id, JSON.stringify(info));
    return true;
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM sandboxes WHERE id = ?", id);
  }

  /** Returns one page of sandboxes, ordered by id. */
  async list({ labels, limit, after = "" }: SandboxQuery): Promise<SandboxPage> {
    const conditions = labels.map(
      () => "AND EXISTS (SELECT 1 FROM json_each(info, '$.labels') WHERE key = ? AND value = ?)",
    );
    const rows = this.#sql
      .exec<{ id: string; info: string }>(
        `SELECT id, info FROM sandboxes WHERE id > ? ${conditions.join(" ")} ORDER BY id LIMIT ?`,
        after,
        ...labels.flat(),
        limit + 1,
      )
      .toArray();
    const page = rows.slice(0, limit);
    const refreshed = await Promise.all(page.map(({ info }) => this.#refresh(info)));
    const last = page.at(-1);
    return {
      sandboxes: refreshed.filter((info) => info !== undefined),
      ...(rows.length > limit && last !== undefined && { cursor: last.id }),
    };
  }

  putSnapshot(record: SnapshotRecord): void {
    this.#sql.exec("INSERT OR REPLACE INTO snapshots VALUES (?, ?)", record.id, JSON.stringify(record));
  }

  snapshot(id: string): SnapshotRecord | undefined {
    const [row] = this.#sql.exec<{ record: string }>("SELECT record FROM snapshots WHERE id = ?", id).toArray();
    return row && (JSON.parse(row.record) as SnapshotRecord);
  }

  removeSnapshot(id: string): void {
    this.#sql.exec("DELETE FROM snapshots WHERE id = ?", id);
  }

  /** Stores the template that a client prepared, by digest. */
  putTemplate(digest: string, reference: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO templates VALUES (?, ?, ?)", digest, reference, Date.now());
  }

  template(digest: string): string | undefined {
    this.#sql.exec("DELETE FROM templates WHERE at < ?", Date.now() - templateMs);
    const [row] = this.#sql
      .exec<{ reference: string }>("SELECT reference FROM templates WHERE digest = ?", digest)
      .toArray();
    return row?.reference;
  }

  #running(except: string): number {
    const { count } = this.#sql
      .exec<{ count: number }>(
        "SELECT COUNT(*) AS count FROM sandboxes WHERE id <> ? AND json_extract(info, '$.state') <> 'stopped'",
        except,
      )
      .one();
    return count;
  }

  /** Reads the state from the sandbox's object if the stored one is stale. Stores it unless the object has stored a newer one. */
  async #refresh(stored: string): Promise<SandboxInfo | undefined> {
    const info = JSON.parse(stored) as SandboxInfo;
    if (!isStale(info)) return info;
    const current = await this.env.SANDBOX.getByName(info.id).info();
    if (current === undefined) {
      this.#sql.exec("DELETE FROM sandboxes WHERE id = ? AND info = ?", info.id, stored);
    } else {
      const text = JSON.stringify(current);
      this.#sql.exec("UPDATE sandboxes SET info = ? WHERE id = ? AND info = ?", text, info.id, stored);
    }
    return current;
  }
}

function isStale({ state, createdAt, leaseEndsAt }: SandboxInfo): boolean {
  if (state === "stopped") return false;
  const changesAt = state === "starting" ? createdAt : leaseEndsAt;
  return Date.now() - Date.parse(changesAt) > staleMs;
}

/** Returns the registry, a single object. */
export function sandboxRegistry(env: WorkerEnv): DurableObjectStub<SandboxRegistry> {
  return env.REGISTRY.getByName("registry");
}

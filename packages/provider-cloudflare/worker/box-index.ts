import { DurableObject } from "cloudflare:workers";
import type { BoxInfo } from "./box-record.ts";
import type { WorkerEnv } from "./worker-env.ts";

export interface BoxQuery {
  /** Names and values. All of them have to be there. */
  readonly labels: readonly (readonly [string, string])[];
  readonly limit: number;
  /** The id after which to go on. */
  readonly after?: string;
}

export interface BoxPage {
  readonly sandboxes: readonly BoxInfo[];
  /** Where there are more. */
  readonly cursor?: string;
}

/** A container's file system that was kept. */
export interface SnapshotRecord {
  readonly id: string;
  /** The image that it was made from, as it was asked for. */
  readonly image: string;
  readonly createdAt: number;
}

/** How long a template is remembered, in milliseconds: not as long as the platform keeps the snapshot behind it. */
const templateMs = 25 * 24 * 60 * 60 * 1000;

/** A record that should have changed by itself is asked after when it is this old, in milliseconds. */
const staleMs = 60_000;

/** All sandboxes, snapshots and templates of this Worker: the platform has no list of them. Each sandbox's object is the truth. */
export class BoxIndex extends DurableObject<WorkerEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: WorkerEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS boxes (id TEXT PRIMARY KEY, info TEXT NOT NULL)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS snapshots (id TEXT PRIMARY KEY, record TEXT NOT NULL)");
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS templates (digest TEXT PRIMARY KEY, reference TEXT NOT NULL, at INTEGER NOT NULL)",
    );
  }

  /** Notes a sandbox as it is. Resolves to false, and notes nothing, for one too many: `maxRunning` would be passed. */
  put(info: BoxInfo, maxRunning?: number): boolean {
    if (maxRunning !== undefined && this.#running(info.id) >= maxRunning) return false;
    this.#sql.exec("INSERT OR REPLACE INTO boxes VALUES (?, ?)", info.id, JSON.stringify(info));
    return true;
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM boxes WHERE id = ?", id);
  }

  /** Sandboxes in the order of their ids. */
  async list({ labels, limit, after = "" }: BoxQuery): Promise<BoxPage> {
    const conditions = labels.map(
      () => "AND EXISTS (SELECT 1 FROM json_each(info, '$.labels') WHERE key = ? AND value = ?)",
    );
    const rows = this.#sql
      .exec<{ info: string }>(
        `SELECT info FROM boxes WHERE id > ? ${conditions.join(" ")} ORDER BY id LIMIT ?`,
        after,
        ...labels.flat(),
        limit + 1,
      )
      .toArray();
    const page = rows.slice(0, limit).map(({ info }) => JSON.parse(info) as BoxInfo);
    const found = await Promise.all(page.map((info) => this.#refresh(info)));
    const last = page.at(-1);
    return {
      sandboxes: found.filter((info) => info !== undefined),
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

  /** Remembers what a client made of an image, under a digest of its own. */
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
        "SELECT COUNT(*) AS count FROM boxes WHERE id <> ? AND json_extract(info, '$.state') <> 'stopped'",
        except,
      )
      .one();
    return count;
  }

  /** Asks the sandbox's object where a note is too old to be so. */
  async #refresh(info: BoxInfo): Promise<BoxInfo | undefined> {
    if (!isStale(info)) return info;
    const current = await this.env.BOX.getByName(info.id).info();
    if (current === undefined) this.remove(info.id);
    else this.put(current);
    return current;
  }
}

function isStale({ state, createdAt, leaseEndsAt }: BoxInfo): boolean {
  if (state === "stopped") return false;
  const changesAt = state === "starting" ? createdAt : leaseEndsAt;
  return Date.now() - Date.parse(changesAt) > staleMs;
}

/** The one object of the index. */
export function boxIndex(env: WorkerEnv): DurableObjectStub<BoxIndex> {
  return env.INDEX.getByName("index");
}

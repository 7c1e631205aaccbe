import type { RunResult } from "@glovebox/core";
import type { Kysely } from "kysely";
import type { StoredFile } from "../queue/run-queue.ts";
import type { JsonObject } from "../records/run.ts";
import type { Tables } from "../schema/tables.ts";

/** The manifest of a run's files, and what its workspace was. */
export interface RunManifest {
  /** Core's `CollectedFiles`, with names instead of paths: `directory` is empty. */
  readonly manifest: NonNullable<RunResult["files"]>;
  /** Core's baseline. Absent without a workspace. */
  readonly baseline?: JsonObject;
}

/** The files of runs that have ended. Their contents are blobs. */
export class RunFileTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** `undefined` for a run that brought no files back. */
  async manifest(runId: string): Promise<RunManifest | undefined> {
    const query = this.#db.selectFrom("runManifests").selectAll().where("runId", "=", runId);
    const row = await query.executeTakeFirst();
    if (row === undefined) return undefined;
    // Only `RunQueue.end` writes it.
    const manifest = row.manifest as unknown as RunManifest["manifest"];
    return { manifest, ...(row.baseline !== null && { baseline: row.baseline }) };
  }

  /** One blob of a run: a file by its path, or what belongs to the run as a whole. */
  async get(runId: string, kind: StoredFile["kind"], path = ""): Promise<StoredFile | undefined> {
    const query = this.#db.selectFrom("runFiles").select(["path", "sha256", "bytes"]).where("runId", "=", runId);
    const row = await query.where("kind", "=", kind).where("path", "=", path).executeTakeFirst();
    return row && { kind, ...row };
  }

  /** Of every file that the run brought back, by path. */
  async list(runId: string): Promise<readonly StoredFile[]> {
    const query = this.#db.selectFrom("runFiles").select(["path", "sha256", "bytes"]).where("runId", "=", runId);
    const rows = await query.where("kind", "=", "file").orderBy("path").execute();
    return rows.map((row) => ({ kind: "file", ...row }));
  }
}

import { type Kysely, sql } from "kysely";
import type { Tables } from "../schema/tables.ts";
import type { ModelUsage } from "../tables/run-table.ts";
import type { RunEnd, StoredFiles } from "./run-queue.ts";

/** Stores what a run came to: its result, its files and what its models used. */
export async function storeEnd(db: Kysely<Tables>, runId: string, { result, files, usage }: RunEnd): Promise<void> {
  if (result !== undefined) {
    const detail = { result: JSON.stringify(result) };
    await db
      .insertInto("runDetails")
      .values({ runId, ...detail })
      .onConflict((conflict) => conflict.column("runId").doUpdateSet(detail))
      .execute();
  }
  if (files !== undefined) await storeFiles(db, runId, files);
  if (usage !== undefined && usage.length > 0) await storeUsage(db, runId, usage);
}

async function storeFiles(db: Kysely<Tables>, runId: string, { manifest, baseline, contents }: StoredFiles) {
  if (manifest !== undefined) {
    await db
      .insertInto("runManifests")
      .values({ runId, manifest: JSON.stringify(manifest), baseline: baseline ? JSON.stringify(baseline) : null })
      .execute();
  }
  await sql`
    insert into run_files (run_id, kind, path, sha256, bytes)
    select ${runId}, one.kind, one.path, one.sha256, one.bytes from unnest(
      ${contents.map(({ kind }) => kind)}::text[], ${contents.map(({ path }) => path)}::text[],
      ${contents.map(({ sha256 }) => sha256)}::text[], ${contents.map(({ bytes }) => bytes)}::bigint[]
    ) as one (kind, path, sha256, bytes)
  `.execute(db);
}

async function storeUsage(db: Kysely<Tables>, runId: string, usage: readonly ModelUsage[]): Promise<void> {
  await db
    .insertInto("runUsage")
    .values(usage.map((one) => ({ runId, ...one })))
    .execute();
}

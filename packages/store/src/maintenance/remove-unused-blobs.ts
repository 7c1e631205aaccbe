import { type Kysely, sql } from "kysely";
import type { BlobStore } from "../blobs/blob-store.ts";
import type { Tables } from "../schema/tables.ts";

/** Younger ones may be about to be named: their run has not ended yet. */
const graceMs = 24 * 60 * 60_000;
const batchLength = 500;

/** Deletes the blobs that no run and no upload names. Returns how many. */
export async function removeUnusedBlobs(db: Kysely<Tables>, blobs: BlobStore, now: Date): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    const used = await usedOf(db, batch);
    const unused = batch.filter((sha256) => !used.has(sha256));
    for (const sha256 of unused) await blobs.delete(sha256);
    removed += unused.length;
    batch = [];
  };
  for await (const { sha256, storedAt } of blobs.list()) {
    if (now.getTime() - storedAt.getTime() < graceMs) continue;
    batch.push(sha256);
    if (batch.length >= batchLength) await flush();
  }
  await flush();
  return removed;
}

async function usedOf(db: Kysely<Tables>, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const { rows } = await sql<{ readonly sha256: string }>`
    select sha256 from run_files where sha256 = any(${hashes}::text[])
    union select sha256 from uploads where sha256 = any(${hashes}::text[])
  `.execute(db);
  return new Set(rows.map(({ sha256 }) => sha256));
}

import { createWriteStream } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readHostText } from "@glovebox/core/host-files";
import type { JsonObject, Run, Store } from "@glovebox/store";

interface RebuildOptions {
  readonly store: Store;
  readonly home: string;
  readonly outputDirectory: string;
}

/**
 * Writes the journal of a run that another worker carried, as far as the store has it. One that is there is left alone if it is of
 * the attempt that began: it knows at least as much. One of an earlier attempt, which came to nothing, knows another sandbox's owner.
 */
export async function rebuildJournal(run: Run, { store, home, outputDirectory }: RebuildOptions): Promise<void> {
  const directory = join(home, "runs", run.id);
  const record = await store.runs.record(run.id);
  if (record === undefined) return;
  const found = await readHostText(join(directory, "run.json"));
  if (found !== undefined && isSameAttempt(found, record)) return;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lines = Readable.from(journalLines(run, store));
  await pipeline(lines, createWriteStream(join(directory, "events.ndjson"), { mode: 0o600 }));
  // The workspace was on the other machine.
  const { workspace: _, ...kept } = record;
  await writeFile(join(directory, "run.json"), `${JSON.stringify({ ...kept, outputDirectory })}\n`, { mode: 0o600 });
}

function isSameAttempt(found: string, { owner, startedAt }: JsonObject): boolean {
  try {
    const one = JSON.parse(found) as JsonObject;
    return one.owner === owner && one.startedAt === startedAt;
  } catch {
    return false;
  }
}

async function* journalLines({ id, eventOffset }: Run, store: Store): AsyncGenerator<string> {
  for (let after = eventOffset; ; ) {
    const events = await store.events.read(id, after);
    const last = events.at(-1);
    if (last === undefined) return;
    yield events.map(({ seq, event }) => `${JSON.stringify({ ...event, seq: seq - eventOffset })}\n`).join("");
    after = last.seq;
  }
}

import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "../../events/run-event.ts";
import type { ChangeNotifier } from "./change-notifier.ts";
import { journalFile, parseEventLine } from "./journal.ts";

export interface FollowOptions {
  /** Asked at the journal's end: whether more may come. Without it, reading ends there. */
  readonly isRunning?: () => boolean;
  /** Announces changes at once; without it the file is looked at every 200 ms. */
  readonly changes?: ChangeNotifier;
  readonly signal?: AbortSignal;
}

const pollMs = 200;

/** A run's events from the first on, to `run.end` or to where the journal stops growing. Memory stays bounded. */
export async function* followJournal(
  runDirectory: string,
  options: FollowOptions = {},
): AsyncGenerator<RunEvent, void> {
  const file = await openWhenThere(journalFile(runDirectory), options);
  if (file === undefined) return;
  try {
    const buffer = Buffer.alloc(256 * 1024);
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      if (options.signal?.aborted) return;
      // Asked before reading: what was written before the writer ended is then still read.
      const isRunning = options.isRunning?.() ?? false;
      const grown = options.changes?.wait(1000);
      // What was just written is in memory: to read it in another thread would take longer than the read.
      const bytesRead = readSync(file.fd, buffer);
      if (bytesRead === 0) {
        if (!isRunning) return;
        await (grown ?? sleep(pollMs));
        continue;
      }
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      rest = Buffer.from(bytes.subarray(end));
      for (const line of bytes.subarray(0, end).toString("utf8").split("\n")) {
        const event = line === "" ? undefined : parseEventLine(line);
        if (event === undefined) continue;
        yield event;
        if (event.type === "run.end") return;
      }
    }
  } finally {
    await file.close();
  }
}

async function openWhenThere(file: string, options: FollowOptions): Promise<FileHandle | undefined> {
  for (;;) {
    try {
      return await open(file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      if (options.signal?.aborted || !(options.isRunning?.() ?? false)) return undefined;
      await sleep(pollMs);
    }
  }
}

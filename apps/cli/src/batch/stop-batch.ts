import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBatchStore } from "@glovebox/batch";
import { SandboxError } from "@glovebox/core/provider";
import { DirectoryLock, stateDirectory } from "@glovebox/core/state";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";

const pollMs = 250;
/** A batch that is stopping writes to a journal within this time, as its runs do, unless its process is suspended. */
const longestSilenceMs = 4 * 60_000;

export interface StopBatchOptions {
  readonly force?: boolean;
  /** How long the batch may be silent, in milliseconds. Default: 4 minutes. */
  readonly silenceMs?: number;
}

/**
 * `glovebox batch stop`: stops a running batch, by default the newest, and waits for its end. Throws `internal` when the batch
 * does not respond.
 */
export async function stopBatch(
  reference: string | undefined,
  { force = false, silenceMs = longestSilenceMs }: StopBatchOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const home = stateDirectory(terminal.env);
  const store = createBatchStore(home);
  const found = reference === undefined ? store.list().find((batch) => batch.isAlive) : store.get(reference);
  if (found === undefined) {
    stderr.line("No batch is running.");
    return 0;
  }
  const { id, directory, isAlive } = found;
  if (!isAlive) {
    stderr.line(`The batch ${id} is not running.`);
    return 0;
  }
  // No further row starts: what is written from now on is in these files.
  const runs = store.rows(id).flatMap(({ status, last }) => (status === "running" && last ? [last.runId] : []));
  const journals = [
    join(directory, "journal.ndjson"),
    ...runs.map((runId) => join(home, "runs", runId, "events.ndjson")),
  ];
  store.stop(id, { force });
  stderr.line(`Stopping ${id}`);
  const stop = new AbortController();
  using _ = listenForInterrupts({ first: () => stop.abort(), second: () => {} });
  let [seen, seenAt] = [sizesOf(journals), performance.now()];
  while (!stop.signal.aborted && DirectoryLock.isHeld(directory)) {
    await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => {});
    const sizes = sizesOf(journals);
    if (sizes !== seen) [seen, seenAt] = [sizes, performance.now()];
    else if (performance.now() - seenAt > silenceMs) throw notResponding(id);
  }
  if (stop.signal.aborted) return 130;
  stdout.line(id);
  return 0;
}

function sizesOf(files: readonly string[]): string {
  return files.map((file) => statSync(file, { throwIfNoEntry: false })?.size).join();
}

function notResponding(id: string): SandboxError {
  return new SandboxError("internal", `The batch ${id} does not respond: its process is suspended or hangs`, {
    hint: `Resume its process (fg, kill -CONT), or end it with kill -9; \`glovebox batch resume ${id}\` then collects the files of its runs.`,
  });
}

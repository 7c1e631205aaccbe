import { setTimeout as sleep } from "node:timers/promises";
import { createBatchStore } from "@glovebox/batch";
import { stateDirectory } from "@glovebox/core/state";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";

const pollMs = 250;

/** `glovebox batch stop`: stops a running batch, by default the newest, and waits for its end. */
export async function stopBatch(
  reference: string | undefined,
  { force = false }: { readonly force?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const store = createBatchStore(stateDirectory(terminal.env));
  const found = reference === undefined ? store.list().find((batch) => batch.isAlive) : store.get(reference);
  if (found === undefined) {
    stderr.line("No batch is running.");
    return 0;
  }
  const { id, isAlive } = found;
  if (!isAlive) {
    stderr.line(`The batch ${id} is not running.`);
    return 0;
  }
  store.stop(id, { force });
  stderr.line(`Stopping ${id}`);
  const stop = new AbortController();
  using _ = listenForInterrupts({ first: () => stop.abort(), second: () => {} });
  while (!stop.signal.aborted && store.get(id).isAlive)
    await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => {});
  if (stop.signal.aborted) return 130;
  stdout.line(id);
  return 0;
}

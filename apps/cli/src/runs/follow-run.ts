import type { RunEvent, RunStore, RunSummary } from "@glovebox/core";
import type { Terminal } from "../terminal.ts";
import { recoverDeadRun } from "./recover-dead-run.ts";

/**
 * The events of a run to its end, each once, from the first or from one after `afterSeq`. Where the run's process dies, the run
 * is recovered, and the events that this adds follow.
 */
export async function* followRun(
  store: RunStore,
  run: RunSummary,
  options: { readonly terminal: Terminal; readonly signal: AbortSignal; readonly afterSeq?: number },
): AsyncGenerator<RunEvent> {
  const { terminal, signal } = options;
  let seen = options.afterSeq ?? 0;
  for (;;) {
    for await (const event of store.events(run.runId, { follow: true, signal })) {
      if (event.seq > seen) {
        seen = event.seq;
        yield event;
      }
      if (event.type === "run.end") return;
    }
    if (signal.aborted) return;
    const recovered = await recoverDeadRun(store, await store.get(run.runId), terminal, { signal });
    if (recovered.outcome !== undefined && (await endsWithoutLastEvent(store, run, seen))) return;
  }
}

/** A journal that was full, or could not be written, has no last event, and grows no more. */
async function endsWithoutLastEvent(store: RunStore, { runId }: RunSummary, seen: number): Promise<boolean> {
  for await (const { seq } of store.events(runId)) if (seq > seen) return false;
  return true;
}

import type { RunEvent, RunSummary } from "@glovebox/core";
import type { Runs } from "./runs.ts";

/**
 * The events of a run to its end, each once, from the first or from one after `afterSeq`. Where the run's process dies, the run
 * is recovered, and the events that this adds follow.
 */
export async function* followRun(
  runs: Pick<Runs, "events" | "get" | "recovered">,
  run: RunSummary,
  options: { readonly signal: AbortSignal; readonly afterSeq?: number },
): AsyncGenerator<RunEvent> {
  const { signal } = options;
  let seen = options.afterSeq ?? 0;
  for (;;) {
    for await (const event of runs.events(run.runId, { follow: true, signal })) {
      if (event.seq > seen) {
        seen = event.seq;
        yield event;
      }
      if (event.type === "run.end") return;
    }
    if (signal.aborted) return;
    const recovered = await runs.recovered(await runs.get(run.runId), { signal });
    if (recovered.outcome !== undefined && (await endsWithoutLastEvent(runs, run, seen))) return;
  }
}

/** A journal that was full, or could not be written, has no last event, and grows no more. */
async function endsWithoutLastEvent(runs: Pick<Runs, "events">, { runId }: RunSummary, seen: number): Promise<boolean> {
  for await (const { seq } of runs.events(runId)) if (seq > seen) return false;
  return true;
}

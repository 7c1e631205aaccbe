import { inParallel } from "../in-parallel.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { silenceCases } from "./silence-case.ts";
import { silenceRound } from "./silence-round.ts";

const cases = silenceCases();

/** Freezes the sandbox, its supervisor, the engine or its connections under a run: it has to end, in time and truthfully. */
export const silence: StressScenario = {
  summary: "sandbox, supervisor, engine and connections frozen in every phase: every run ends in time",
  rounds: cases.length,
  async run(options) {
    const faults: StressFault[] = [];
    const outcomes = new Map<string, number>();
    const durations: { readonly tookMs: number; readonly name: string }[] = [];
    await inParallel(options, async (round) => {
      const chosen = cases[(round - 1) % cases.length];
      if (chosen === undefined) return;
      const name = `round ${round}: ${chosen.freeze} frozen while ${chosen.phase}, ended ${chosen.stop}`;
      const result = await silenceRound(chosen).catch((error: unknown) => ({
        faults: [{ kind: "round broke", detail: error instanceof Error ? String(error.stack) : String(error) }],
        tookMs: 0,
        outcome: "unknown",
      }));
      for (const { kind, detail } of result.faults) {
        faults.push({ kind, detail: `${name}: ${detail}` });
        options.say(`${kind}: ${name}: ${detail}`);
      }
      outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1);
      durations.push({ tookMs: result.tookMs, name });
      options.say(`${name}: ${result.outcome} after ${Math.round(result.tookMs / 1000)} s`);
    });
    durations.sort((a, b) => b.tookMs - a.tookMs);
    const longest = durations.slice(0, 3).map(({ tookMs, name }) => `${Math.round(tookMs / 1000)} s (${name})`);
    const counts = [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`);
    return { rounds: durations.length, faults, facts: [counts.join("; "), `longest: ${longest.join(", ")}`] };
  },
};

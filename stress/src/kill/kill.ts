import { inParallel } from "../in-parallel.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { killRound } from "./kill-round.ts";

/** Ends runs, recoveries and applies at random moments; then nothing may be lost, left or wrong. */
export const kill: StressScenario = {
  summary: "runs, reaps and applies killed at random moments: nothing lost, left or wrong",
  rounds: 100,
  async run(options) {
    const faults: StressFault[] = [];
    const phases = new Map<string, number>();
    let [done, strikes] = [0, 0];
    await inParallel(options, async (round) => {
      const result = await killRound(options.seed, round).catch((error: unknown) => ({
        faults: [
          { kind: "round broke", detail: `round ${round}: ${error instanceof Error ? error.stack : String(error)}` },
        ],
        endedIn: "unknown",
        strikes: 0,
      }));
      for (const fault of result.faults) options.say(`${fault.kind}: ${fault.detail}`);
      faults.push(...result.faults);
      phases.set(result.endedIn, (phases.get(result.endedIn) ?? 0) + 1);
      done += 1;
      strikes += result.strikes;
      if (done % 20 === 0) options.say(`${done} rounds, ${faults.length} faults`);
    });
    const where = [...phases].sort(([, a], [, b]) => b - a).map(([phase, count]) => `${phase} ${count}`);
    return { rounds: done, faults, facts: [`${strikes} processes were ended; runs in: ${where.join(", ")}`] };
  },
};

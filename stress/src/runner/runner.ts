import { inParallel } from "../in-parallel.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { type RunnerPhase, runnerPhases, runnerRound } from "./runner-round.ts";

/** Kills the process of detached runs, each phase in turn; the next commands then make everything right. */
export const runner: StressScenario = {
  summary: "runners of detached runs killed in each phase: nothing lost, left or run twice",
  rounds: 50 * runnerPhases.length,
  async run(options) {
    const faults: StressFault[] = [];
    const aimed = new Map<string, number>();
    const ended = new Map<string, number>();
    const counts = { continued: 0, recoveries: 0, done: 0 };
    const list = (counter: Map<string, number>) => [...counter].map(([name, times]) => `${name} ${times}`).join(", ");
    const count = (counter: Map<string, number>, name: string) => counter.set(name, (counter.get(name) ?? 0) + 1);
    await inParallel(options, async (round) => {
      const phase = runnerPhases[(round - 1) % runnerPhases.length] as RunnerPhase;
      const result = await runnerRound({ seed: options.seed, round, phase }).catch((error: unknown) => ({
        faults: [{ kind: "round broke", detail: error instanceof Error ? String(error.stack) : String(error) }],
        ...{ endedIn: "unknown", wasContinued: false, recoveries: 0 },
      }));
      for (const { kind, detail } of result.faults) {
        const fault = { kind, detail: `round ${round} --seed ${options.seed}: ${detail}` };
        options.say(`${fault.kind}: ${fault.detail}`);
        faults.push(fault);
      }
      count(aimed, phase);
      count(ended, result.endedIn);
      counts.done += 1;
      counts.recoveries += result.recoveries;
      if (result.wasContinued) counts.continued += 1;
      if (counts.done % 20 === 0)
        options.say(`${counts.done} rounds, ${faults.length} faults; killed in: ${list(ended)}`);
    });
    return {
      ...{ rounds: counts.done, faults },
      facts: [
        `aimed at: ${list(aimed)}`,
        `killed in: ${list(ended)}`,
        `${counts.continued} runs were continued; ${counts.recoveries} recoveries were killed too`,
      ],
    };
  },
};

import { openCutStage } from "../../../packages/provider-kubernetes/test/support/cut-stage.ts";
import { cutStreams } from "../../../packages/provider-kubernetes/test/support/cut-streams.ts";
import type { StressScenario } from "../stress-scenario.ts";

/** How many processes write in each sandbox. */
const processes = 2;

/**
 * The streams of sandboxes on Kubernetes, cut at the upgrade, in the middle of frames, in one direction or in silence: every
 * byte of output and every exit is compared with what is known. A round is a stream that was cut.
 */
export const cut: StressScenario = {
  summary: "streams to sandboxes on Kubernetes that are cut",
  rounds: 2000,
  async run({ rounds, concurrency, seed, say }) {
    await using stage = await openCutStage(concurrency);
    const { cuts, early, faults, ...counted } = await cutStreams({ ...stage, cuts: rounds, processes, seed, say });
    const kinds = Object.entries(cuts).map(([kind, count]) => `${count} ${kind}`);
    return {
      rounds: stage.api.cuts.length,
      faults,
      facts: [
        `cut: ${kinds.join(", ")}; ${early} of them within their first kilobyte`,
        `${counted.processes} processes, of which the answer to the start was lost ${counted.lostStarts} times`,
      ],
    };
  },
};

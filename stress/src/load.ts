import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inParallel } from "./in-parallel.ts";
import { lastLine } from "./shell-harness.ts";
import type { StressFault, StressScenario } from "./stress-scenario.ts";
import { StressStage } from "./stress-stage.ts";

/** Many runs of one home at once: each succeeds and brings back exactly what its own script made. */
export const load: StressScenario = {
  summary: "many runs of one home at once, all of them right",
  rounds: 100,
  async run(options) {
    const faults: StressFault[] = [];
    const durations: number[] = [];
    await using stage = new StressStage();
    writeFileSync(join(stage.directory, "input.txt"), "input\n");
    await inParallel(options, async (round) => {
      const start = performance.now();
      const detail = await oneRun(stage, round);
      durations.push(performance.now() - start);
      if (detail !== undefined) faults.push({ kind: "run not right", detail: `round ${round}: ${detail}` });
      if (round % 10 === 0) options.say(`${round} runs, ${faults.length} faults`);
    });
    const left = await stage.containers();
    for (const { Names } of left) faults.push({ kind: "container left", detail: String(Names[0]) });
    const sorted = durations.sort((a, b) => a - b);
    const at = (share: number) => `${((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(1)} s`;
    return { rounds: durations.length, faults, facts: [`a run took ${at(0.5)} (median), ${at(1)} (longest)`] };
  },
};

async function oneRun(stage: StressStage, round: number): Promise<string | undefined> {
  const output = join(stage.root, `out-${round}`);
  const script = `cat input.txt > copy.txt && echo ${round} > made.txt && rm input.txt && echo "${lastLine}"`;
  const { code, stderr } = await stage.run(script, ["--workspace", ".", "--output", output, "--quiet"]).done;
  if (code !== 0) return `exit code ${code}: ${stderr.trim().slice(-500)}`;
  const collected = readFileSync(join(output, "made.txt"), "utf8") + readFileSync(join(output, "copy.txt"), "utf8");
  return collected === `${round}\ninput\n` ? undefined : `brought back ${JSON.stringify(collected)}`;
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { reap, run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createDockerProvider } from "@glovebox/provider-docker";
import { inParallel } from "./in-parallel.ts";
import { harness, lastLine } from "./shell-harness.ts";
import type { StressFault, StressScenario } from "./stress-scenario.ts";
import { StressStage } from "./stress-stage.ts";

interface Sample {
  readonly heapMiB: number;
  readonly descriptors: number;
}

/** Until then caches fill and code is compiled. */
const warmUpShare = 0.3;
const mostHeapGrowthMiB = 16;
const mostMoreDescriptors = 8;

/** Many runs and reaps in one process, as a server does them: what it holds stays the same. */
export const soak: StressScenario = {
  summary: "runs and reaps in one process: memory, descriptors, containers and temporary files stay flat",
  rounds: 200,
  async run(options) {
    await using stage = new StressStage();
    using _ = temporaryIn(stage.temporary);
    const faults: StressFault[] = [];
    const warm = Math.ceil(options.rounds * warmUpShare);
    const part = (from: number, rounds: number) =>
      inParallel({ ...options, from, rounds }, async (round) => {
        const detail = await oneRun(stage, round);
        if (detail !== undefined) faults.push({ kind: "run not right", detail: `round ${round}: ${detail}` });
        if (round % 20 === 0) options.say(`${round} runs, ${faults.length} faults, ${JSON.stringify(sample())}`);
      });
    await part(options.from, warm);
    const before = sample();
    await part(options.from + warm, options.rounds - warm);
    const after = sample();
    if (after.heapMiB - before.heapMiB > mostHeapGrowthMiB)
      faults.push({ kind: "memory grows", detail: `from ${before.heapMiB} to ${after.heapMiB} MiB` });
    if (after.descriptors - before.descriptors > mostMoreDescriptors)
      faults.push({ kind: "descriptors grow", detail: `from ${before.descriptors} to ${after.descriptors}` });
    for (const { Names } of await stage.containers()) faults.push({ kind: "container left", detail: String(Names[0]) });
    for (const name of readdirSync(stage.temporary)) faults.push({ kind: "temporary directory left", detail: name });
    const facts = [`after the warm-up: ${JSON.stringify(before)}; at the end: ${JSON.stringify(after)}`];
    return { rounds: options.rounds, faults, facts };
  },
};

/** What this process makes for a while goes there. */
function temporaryIn(directory: string): Disposable {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  return {
    [Symbol.dispose]() {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    },
  };
}

async function oneRun(stage: StressStage, round: number): Promise<string | undefined> {
  const provider = createDockerProvider();
  const name = "ANTHROPIC_API_KEY";
  const { outcome, reason, files, cleanup } = await run({
    provider,
    harness: harness.create({}),
    task: { prompt: `echo ${round} > made.txt; echo '${lastLine}'` },
    credential: { variable: name, secret: new Secret(name, "sk-ant-stress-0000000000000000") },
    outputDirectory: join(stage.root, `out-${round}`),
    home: stage.home,
  }).result;
  if (round % 10 === 0) await reap({ home: stage.home, provider });
  if (outcome === "succeeded" && cleanup.state === "clean" && files?.manifest.length === 1) return undefined;
  return `${outcome}: ${reason}, ${JSON.stringify(cleanup)}, ${files?.manifest.length} files`;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function sample(): Sample {
  collectGarbage();
  const heapMiB = Math.round(process.memoryUsage().heapUsed / 1024 ** 2);
  return { heapMiB, descriptors: readdirSync("/proc/self/fd").length };
}

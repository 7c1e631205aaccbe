import { join } from "node:path";
import { fork, type Run, type RunResult, removeSnapshots, run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createScriptedModel } from "@glovebox/scripted-model";
import type { BenchCase } from "../bench-case.ts";
import type { BenchSetup } from "../bench-setup.ts";
import { measure } from "../measure.ts";

const prepare = "for i in $(seq 16); do head -c 67108864 /dev/urandom > /workspace/part-$i.bin; done";

/** From the command to the start of the last harness. The snapshot of the sandbox exists, except where it is made first. */
export const forks: BenchCase = {
  title: "forks of a run with 1 GiB in its workspace, to the start of every harness",
  reference: "one fork",
  async run(setup) {
    const turns = [{ tools: [{ name: "Bash", input: { command: prepare, description: "fill" } }] }, { text: "Done." }];
    const model = await createScriptedModel({ script: { turns: [...turns, ...turns] } }).listen();
    const common = {
      ...{ provider: setup.provider, harness: createClaudeCode(), home: join(setup.directory, "home") },
      credential: {
        ...{ variable: "ANTHROPIC_API_KEY", upstream: model.url },
        secret: new Secret("ANTHROPIC_API_KEY", "sk-ant-bench-0000"),
      },
      ignore: ["*.bin"],
    };
    const begun: RunResult[] = [];
    const begin = async (name: string, options: { readonly keep?: boolean; readonly keepSnapshot?: boolean }) => {
      const outputDirectory = join(setup.directory, name);
      const result = await run({ ...common, ...options, prompt: "Fill it.", outputDirectory }).result;
      begun.push(result);
      if (result.outcome !== "succeeded") throw new Error(`the run ended as ${result.outcome}: ${result.reason}`);
      return result.runId;
    };
    try {
      const [withSnapshot, kept] = [await begin("ready", { keepSnapshot: true }), await begin("kept", { keep: true })];
      const start = (runId: string, count: number) => started(setup, { ...common, prompt: "Continue." }, runId, count);
      return await measure(3, [
        { name: "one fork", round: () => start(withSnapshot, 1) },
        { name: "eight forks", round: () => start(withSnapshot, 8) },
        { name: "eight forks, the snapshot made first", round: () => start(kept, 8) },
      ]);
    } finally {
      await model.close();
      for (const { runId, cleanup } of begun) {
        if (cleanup.state === "kept") await setup.provider.destroy(cleanup.sandboxId);
        await removeSnapshots(join(common.home, "runs", runId), setup.provider, { all: true });
      }
    }
  },
};

type ForkInput = Parameters<typeof fork>[1];

/** Aborts the forks once all of them have started: what they do is not measured. */
async function started(setup: BenchSetup, input: ForkInput, runId: string, count: number): Promise<number> {
  const from = performance.now();
  let took = Number.NaN;
  let running = 0;
  const runs: Run[] = [];
  const follow = async (one: Run) => {
    for await (const event of one) {
      if (event.type !== "run.state" || event.to !== "running") continue;
      running += 1;
      if (running < count) continue;
      took = performance.now() - from;
      for (const each of runs) each.abort();
    }
  };
  const outputDirectory = (id: string) => join(setup.directory, id);
  const onRun = (one: Run) => {
    runs.push(one);
    follow(one).catch(() => {});
  };
  const results = await fork(runId, { ...input, outputDirectory, count }, { onRun, concurrency: count });
  if (Number.isNaN(took)) throw new Error(`a fork did not start: ${reasonOf(results)}`);
  return took;
}

function reasonOf(results: readonly PromiseSettledResult<RunResult>[]): string {
  return results.map((one) => (one.status === "fulfilled" ? one.value.reason : String(one.reason))).join("; ");
}

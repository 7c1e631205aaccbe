import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBatchStore } from "@glovebox/batch";
import { inParallel } from "../in-parallel.ts";
import { Random } from "../kill/random.ts";
import { lastLine } from "../shell-harness.ts";
import { FrozenEngine } from "../silence/frozen-engine.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { type Command, StressStage } from "../stress-stage.ts";
import { checkBatch } from "./batch-checks.ts";

const rowCount = 8;
const longestOutageMs = 8000;

/** The engine of a batch ends with its containers at a random moment, and is back soon: in the end every row ran to its end once. */
export const batchOutage: StressScenario = {
  summary: "batches whose engine restarts while rows run: no row lost or doubled, nothing left",
  rounds: 10,
  async run(options) {
    const faults: StressFault[] = [];
    let [done, attempts] = [0, 0];
    await inParallel(options, async (round) => {
      const result = await interruptedBatch(new Random(options.seed * 100_003 + round)).catch((error: unknown) => ({
        faults: [{ kind: "round broke", detail: error instanceof Error ? String(error.stack) : String(error) }],
        attempts: 0,
      }));
      for (const { kind, detail } of result.faults) {
        const reported = { kind, detail: `round ${round} --seed ${options.seed}: ${detail}` };
        options.say(`${reported.kind}: ${reported.detail}`);
        faults.push(reported);
      }
      done += 1;
      attempts += result.attempts;
    });
    return { rounds: done, faults, facts: [`${attempts} attempts of ${done * rowCount} rows`] };
  },
};

async function interruptedBatch(
  random: Random,
): Promise<{ readonly faults: readonly StressFault[]; readonly attempts: number }> {
  await using stage = new StressStage();
  await using engine = await FrozenEngine.listen(stage.root);
  const expected = new Map(
    Array.from({ length: rowCount }, (_, index) => [`row-${index}`, { content: `${index}\n` }] as const),
  );
  const rows = [...expected].map(([id, { content }]) => ({
    id,
    prompt: `printf '${content.trim()}\\n' > made.txt; sleep ${random.pick([0, 1, 3])}; echo '${lastLine}'`,
  }));
  writeFileSync(join(stage.directory, "batch.json"), JSON.stringify({ rows }));
  const out = join(stage.root, "out");
  const command = stage.batch(["batch.json", "--concurrency", "3", "--retry-failed", "3", "--output", out], {
    DOCKER_HOST: engine.host,
  });
  await rowEnded(command, 1 + random.below(3));
  await engine.leave();
  for (const { Id } of await stage.containers())
    await stage.docker
      .getContainer(Id)
      .kill()
      .catch(() => {});
  await sleep(random.below(longestOutageMs));
  await engine.back();
  const { code, stderr } = await command.done;
  // What could not be removed while the engine was away.
  await stage.glovebox(["reap"]).done;
  const faults = await checkBatch(stage, expected);
  if (code !== 0 && code !== 5) faults.push({ kind: "batch fails", detail: `exit ${code}: ${stderr.slice(-3000)}` });
  const store = createBatchStore(stage.home);
  const [batch] = store.list();
  const states = batch === undefined ? [] : store.rows(batch.id);
  return { faults, attempts: states.reduce((sum, { attempts }) => sum + attempts.length, 0) };
}

/** Resolves once this many rows have succeeded, or the process has ended. */
async function rowEnded({ process, done }: Command, count: number): Promise<void> {
  let seen = 0;
  const ended = new Promise<void>((resolve) => {
    process.stderr?.on("data", (text: string) => {
      seen += text.split(" succeeded").length - 1;
      if (seen >= count) resolve();
    });
  });
  await Promise.race([ended, done]);
}

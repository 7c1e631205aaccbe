import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBatchStore } from "@glovebox/batch";
import { inParallel } from "../in-parallel.ts";
import { Random } from "../kill/random.ts";
import { lastLine } from "../shell-harness.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { type Command, type CommandEnd, StressStage } from "../stress-stage.ts";
import { checkBatch, doubledRows } from "./batch-checks.ts";

const rowCount = 5;
const longestKillMs = 6000;
const mostKills = 3;
const pollMs = 300;

/** Kills the process of a batch at random moments, also while it is resumed; in the end every row ran to its end once. */
export const batchKill: StressScenario = {
  summary: "batches killed at random moments and resumed: no row lost, doubled or run twice at once",
  rounds: 20,
  async run(options) {
    const faults: StressFault[] = [];
    let [done, kills, attempts] = [0, 0, 0];
    await inParallel(options, async (round) => {
      const result = await killedBatch(options.seed, round).catch((error: unknown) => ({
        faults: [{ kind: "round broke", detail: error instanceof Error ? String(error.stack) : String(error) }],
        kills: 0,
        attempts: 0,
      }));
      for (const { kind, detail } of result.faults) {
        const reported = { kind, detail: `round ${round} --seed ${options.seed}: ${detail}` };
        options.say(`${reported.kind}: ${reported.detail}`);
        faults.push(reported);
      }
      done += 1;
      kills += result.kills;
      attempts += result.attempts;
      if (done % 5 === 0) options.say(`${done} batches, ${kills} kills, ${faults.length} faults`);
    });
    return {
      rounds: done,
      faults,
      facts: [`${kills} processes were killed; ${attempts} attempts of ${done * rowCount} rows`],
    };
  },
};

interface KilledBatch {
  readonly faults: readonly StressFault[];
  readonly kills: number;
  readonly attempts: number;
}

async function killedBatch(seed: number, round: number): Promise<KilledBatch> {
  const random = new Random(seed * 100_003 + round);
  await using stage = new StressStage();
  const expected = new Map(Array.from({ length: rowCount }, (_, index) => [`row-${index}`, { content: `${index}\n` }]));
  const rows = [...expected].map(([id, { content }]) => ({
    id,
    prompt: `printf '${content.trim()}\\n' > made.txt; sync made.txt; sleep ${random.pick([0, 0.5, 2])}; echo '${lastLine}'`,
  }));
  writeFileSync(join(stage.directory, "batch.json"), JSON.stringify({ rows }));
  const doubled = new Set<string>();
  const watching = new AbortController();
  const watch = watchDoubles(stage, doubled, watching.signal);
  try {
    const kills = await killAndResume(stage, random);
    const end = await resumeToTheEnd(stage);
    const faults = await checkBatch(stage, expected);
    if (end.code !== 0) faults.push({ kind: "resume fails", detail: `exit ${end.code}: ${end.stderr.slice(-1500)}` });
    for (const row of doubled) faults.push({ kind: "two runs of one row at once", detail: row });
    const [batch] = createBatchStore(stage.home).list();
    const all = batch === undefined ? [] : createBatchStore(stage.home).rows(batch.id);
    return { faults, kills, attempts: all.reduce((sum, { attempts }) => sum + attempts.length, 0) };
  } finally {
    watching.abort();
    await watch;
  }
}

/** Starts the batch, then resumes it, and kills each of these processes. */
async function killAndResume(stage: StressStage, random: Random): Promise<number> {
  const count = 1 + random.below(mostKills);
  for (let turn = 0; turn < count; turn += 1) {
    const exists = createBatchStore(stage.home).list().length > 0;
    const command = exists ? resume(stage) : start(stage);
    // Most are killed while rows run.
    if (random.chance(0.75)) await rowStarted(command, 1 + random.below(rowCount));
    const end = await killedAfter(command, random.below(longestKillMs));
    if (end.signal === null && exists) return turn;
  }
  return count;
}

/** Resolves once this many rows have started, or the process has ended. */
async function rowStarted({ process, done }: Command, count: number): Promise<void> {
  let seen = 0;
  const started = new Promise<void>((resolve) => {
    process.stderr?.on("data", (text: string) => {
      seen += text.split("started:").length - 1;
      if (seen >= count) resolve();
    });
  });
  await Promise.race([started, done]);
}

async function killedAfter({ process, done }: Command, delayMs: number): Promise<CommandEnd> {
  await Promise.race([sleep(delayMs), done]);
  process.kill("SIGKILL");
  return await done;
}

function start(stage: StressStage): Command {
  return stage.batch(["batch.json", "--concurrency", "3", "--output", join(stage.root, "out"), "--lease", "20s"]);
}

function resume(stage: StressStage): Command {
  return stage.glovebox(["batch", "resume", "1"]);
}

/** A batch that was killed before its record existed is started again. */
async function resumeToTheEnd(stage: StressStage): Promise<CommandEnd> {
  const exists = createBatchStore(stage.home).list().length > 0;
  return await (exists ? resume(stage) : start(stage)).done;
}

async function watchDoubles(stage: StressStage, doubled: Set<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const row of await doubledRows(stage).catch(() => [])) doubled.add(row);
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

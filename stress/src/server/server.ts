import { setTimeout as sleep } from "node:timers/promises";
import { createBubblewrapProvider } from "../../../examples/third-party-provider/src/index.ts";
import { inParallel } from "../in-parallel.ts";
import { Random } from "../kill/random.ts";
import { lastLine } from "../shell-harness.ts";
import type { StressFault, StressOptions, StressScenario } from "../stress-scenario.ts";
import { checkRun } from "./check-run.ts";
import { FleetClient, type FleetRun } from "./fleet-client.ts";
import { type Member, ServerFleet } from "./server-fleet.ts";

const counts = { servers: 3, workers: 4 };
const smallCounts = { servers: 1, workers: 2 };
/** Fewer runs need a smaller fleet. */
const smallRounds = 50;
const lookMs = 2_000;
/** How long a process lives on average before it is killed: it has to come to something. */
const averageLifeMs = 30_000;
/** Longer than a lease: then others recover the runs. */
const longestAbsenceMs = 8_000;

/** Kills servers and workers at random while they carry runs: each run ends once, and nothing is left. */
export const server: StressScenario = {
  summary: "3 servers and 4 workers on one database, killed at random: no run lost, doubled or left",
  rounds: 500,
  async run(options) {
    await using fleet = await ServerFleet.start(options.rounds < smallRounds ? smallCounts : counts);
    const client = new FleetClient(fleet);
    const expected = new Map<string, string>();
    await makeTemplate(client, expected);
    const killing = new AbortController();
    const kills = killAtRandom(fleet, options.seed, killing.signal);
    const random = new Random(options.seed);
    await inParallel(options, async (round) => {
      const script = `echo ${round} > made.txt; sleep ${random.pick([0, 0.5, 2])}; echo '${lastLine}'`;
      expected.set(await client.startRun(script), `${round}\n`);
    });
    const runs = await untilEnded(client, { ...options, rounds: options.rounds + 1 }, killing);
    const faults = await findFaults(fleet, client, { expected, runs });
    return { rounds: options.rounds, faults, facts: factsOf(runs, await kills, client.retries) };
  },
};

/** The first run makes the template of all others: whoever is killed before that has nothing to lose. */
async function makeTemplate(client: FleetClient, expected: Map<string, string>): Promise<void> {
  expected.set(await client.startRun(`echo first > made.txt; echo '${lastLine}'`), "first\n");
  while ((await client.runs()).some(({ state }) => state !== "ended")) await sleep(lookMs);
}

/** Nobody is killed any more once most have ended, so that the last ones can. */
async function untilEnded(client: FleetClient, { rounds, say }: StressOptions, killing: AbortController) {
  for (let last = -1; ; ) {
    const runs = await client.runs();
    const ended = runs.filter(({ state }) => state === "ended").length;
    if (ended !== last) say(`${ended} of ${rounds} runs have ended`);
    last = ended;
    if (ended >= rounds * 0.9) killing.abort();
    if (ended >= rounds) return runs;
    await sleep(lookMs);
  }
}

async function killAtRandom(fleet: ServerFleet, seed: number, signal: AbortSignal) {
  const random = new Random(seed + 1);
  const longestPauseMs = (2 * averageLifeMs) / fleet.members.length;
  const kills = { servers: 0, workers: 0 };
  const returning: Promise<void>[] = [];
  const away = new Set<Member>();
  while (!signal.aborted) {
    await sleep(random.below(longestPauseMs), undefined, { signal }).catch(() => {});
    const [first, ...others] = fleet.members.filter((member) => !away.has(member));
    if (signal.aborted || first === undefined) continue;
    const member = random.pick([first, ...others]);
    away.add(member);
    await fleet.kill(member);
    kills[member.isServer ? "servers" : "workers"] += 1;
    const absenceMs = random.below(longestAbsenceMs);
    returning.push(
      sleep(absenceMs)
        .then(() => fleet.start(member))
        .finally(() => away.delete(member)),
    );
  }
  await Promise.all(returning);
  return kills;
}

interface Outcome {
  /** What each run's file has to hold, by the run's id. */
  readonly expected: ReadonlyMap<string, string>;
  readonly runs: readonly FleetRun[];
}

async function findFaults(fleet: ServerFleet, client: FleetClient, { expected, runs }: Outcome) {
  const faults: StressFault[] = [];
  const known = new Set(runs.map(({ id }) => id));
  for (const id of expected.keys()) if (!known.has(id)) faults.push({ kind: "run lost", detail: id });
  for (const run of runs) {
    const content = expected.get(run.id);
    if (content === undefined) faults.push({ kind: "run doubled", detail: `nobody asked for ${run.id}` });
    else faults.push(...(await checkRun(client, run, content)));
  }
  const provider = createBubblewrapProvider({ stateDir: fleet.sandboxes });
  for await (const { id } of provider.list({ labels: {} })) faults.push({ kind: "sandbox left", detail: id });
  return faults;
}

function factsOf(runs: readonly FleetRun[], kills: { servers: number; workers: number }, retries: number): string[] {
  const outcomes = new Map<string, number>();
  for (const { outcome = "none", reason = "" } of runs) {
    const key = outcome === "succeeded" ? outcome : `${outcome}: ${reason.slice(0, 100)}`;
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
  }
  return [
    `${kills.servers} servers and ${kills.workers} workers were killed; ${retries} requests were repeated`,
    ...[...outcomes]
      .sort(([, a], [, b]) => b - a)
      .map(([outcome, count]) => `${String(count).padStart(5)}  ${outcome}`),
  ];
}

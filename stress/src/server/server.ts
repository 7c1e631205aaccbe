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
/** Longer than any run, its lease and its recovery together: what has not moved for so long does not move any more. */
const stalledMs = 120_000;
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
    const runs = await carryRuns(client, options, expected, killing).finally(() => {
      killing.abort();
      return kills;
    });
    const faults = await findFaults(fleet, client, { expected, runs });
    return { rounds: options.rounds, faults, facts: factsOf(runs, await kills, client.retries) };
  },
};

/** The first run makes the template of all others: whoever is killed before that has nothing to lose. */
async function makeTemplate(client: FleetClient, expected: Map<string, string>): Promise<void> {
  expected.set(await client.startRun(`echo first > made.txt; echo '${lastLine}'`), "first\n");
  await untilEnded(client, 1, () => {});
}

/** Starts the runs, and waits until all have ended. */
async function carryRuns(
  client: FleetClient,
  options: StressOptions,
  expected: Map<string, string>,
  killing: AbortController,
): Promise<readonly FleetRun[]> {
  const random = new Random(options.seed);
  await inParallel(options, async (round) => {
    const script = `echo ${round} > made.txt; sleep ${random.pick([0, 0.5, 2])}; echo '${lastLine}'`;
    expected.set(await client.startRun(script), `${round}\n`);
  });
  return await untilEnded(client, options.rounds + 1, (ended) => {
    options.say(`${ended} of ${options.rounds + 1} runs have ended`);
    // Nobody is killed any more once most have ended, so that the last ones can.
    if (ended >= options.rounds * 0.9) killing.abort();
  });
}

/** Waits until `count` runs have ended. Calls `onEnded` when their number grows, and fails when it does not for long. */
async function untilEnded(client: FleetClient, count: number, onEnded: (ended: number) => void) {
  let last = -1;
  for (let grown = Date.now(); Date.now() < grown + stalledMs; await sleep(lookMs)) {
    const runs = await client.runs();
    const ended = runs.filter(({ state }) => state === "ended").length;
    if (ended === last) continue;
    onEnded(ended);
    if (ended >= count) return runs;
    [last, grown] = [ended, Date.now()];
  }
  const left = (await client.runs()).filter(({ state }) => state !== "ended");
  throw new Error(`No run has ended for ${stalledMs / 1000} s: ${JSON.stringify(left.slice(0, 3))}`);
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
  for await (const { id, labels } of provider.list({ labels: {} })) {
    faults.push({ kind: "sandbox left", detail: `${id} of ${labels["glovebox.run"]}` });
  }
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

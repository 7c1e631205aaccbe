import { setTimeout as sleep } from "node:timers/promises";
import type { StressFault, StressOptions, StressReport, StressScenario } from "../stress-scenario.ts";
import { StressStage } from "../stress-stage.ts";
import { chooseRound, serveRound } from "./serve-client.ts";
import { type ServerSample, SoakedServer } from "./soaked-server.ts";

const minuteMs = 60_000;
const samplesInAll = 30;
/** Until then caches fill and code is compiled. */
const warmUpShare = 0.3;
const mostMemoryGrowthMiB = 64;
/** A run that is running holds about ten. */
const mostMoreDescriptors = 32;
/** Of the runs that the clients have started; the others wait in the queue. */
const concurrentRuns = 4;

/** Many clients of one server for a long time: what the server holds stays the same. */
export const serve: StressScenario = {
  summary: "clients that start, follow, stop and download runs of a server: memory and descriptors stay flat",
  rounds: 1,
  async run(options) {
    await using stage = new StressStage();
    await using server = await SoakedServer.start(stage, concurrentRuns);
    const endsAt = Date.now() + options.minutes * minuteMs;
    const faults: StressFault[] = [];
    const samples: ServerSample[] = [];
    let rounds = 0;
    const client = async (number: number) => {
      for (let round = 1; Date.now() < endsAt; round += 1) {
        const text = `${number}-${round}`;
        const kind = chooseRound(number + round);
        const detail = await serveRound(server.client, kind, text).catch((error: Error) => `${kind}: ${error.message}`);
        rounds += 1;
        if (detail !== undefined) faults.push({ kind: "run not right", detail });
      }
    };
    const clients = Array.from({ length: options.clients }, (_, index) => client(index + 1));
    const sampling = takeSamples(server, {
      ...options,
      endsAt,
      samples,
      counts: () => ({ rounds, faults: faults.length }),
    });
    await Promise.all([...clients, sampling]);
    faults.push(...growth(samples));
    const { code, log } = await server.end();
    if (code !== 0) faults.push({ kind: "server not ended in order", detail: `exit code ${code}: ${log.slice(-500)}` });
    for (const process of stage.processes()) faults.push({ kind: "process left", detail: process });
    return { rounds, faults, facts: samples.map(factOf) } satisfies StressReport;
  },
};

async function takeSamples(
  server: SoakedServer,
  {
    endsAt,
    minutes,
    samples,
    say,
    counts,
  }: StressOptions & { readonly endsAt: number; readonly samples: ServerSample[]; readonly counts: () => object },
): Promise<void> {
  const everyMs = (minutes * minuteMs) / samplesInAll;
  while (Date.now() < endsAt) {
    await sleep(Math.min(everyMs, Math.max(0, endsAt - Date.now())));
    const sample = server.sample();
    samples.push(sample);
    say(JSON.stringify({ ...sample, ...counts() }));
  }
}

/** Compares the end with what there was after the warm-up, by the medians of a few samples each. */
function growth(samples: readonly ServerSample[]): StressFault[] {
  const warm = samples.slice(Math.floor(samples.length * warmUpShare));
  const few = Math.max(1, Math.floor(warm.length / 4));
  const [before, after] = [warm.slice(0, few), warm.slice(-few)];
  const faults: StressFault[] = [];
  for (const [name, most] of [
    ["memoryMiB", mostMemoryGrowthMiB],
    ["descriptors", mostMoreDescriptors],
  ] as const) {
    const [from, to] = [median(before.map((sample) => sample[name])), median(after.map((sample) => sample[name]))];
    if (to - from > most) faults.push({ kind: `${name} grows`, detail: `from ${from} to ${to}` });
  }
  return faults;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function factOf({ memoryMiB, descriptors }: ServerSample, index: number): string {
  return `${String(index + 1).padStart(3)}  ${memoryMiB} MiB  ${descriptors} descriptors`;
}

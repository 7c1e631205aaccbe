import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Sandbox, SandboxError, type SandboxProcess } from "@glovebox/core/provider";
import { Random } from "../../../../stress/src/kill/random.ts";
import type { Cut, CutKind } from "./cut-connection.ts";
import type { CuttingApi } from "./cutting-api.ts";
import { type Pattern, patternCommand } from "./pattern.ts";
import { type CutFault, causesOf, readPattern } from "./read-pattern.ts";

export interface CutStreamsOptions {
  readonly api: CuttingApi;
  /** Reached through the API that cuts. */
  readonly sandboxes: readonly Sandbox[];
  /** How many streams are to be cut. */
  readonly cuts: number;
  /** How many processes are at work in each sandbox. */
  readonly processes: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface CutStreamsReport {
  readonly cuts: Readonly<Record<CutKind, number>>;
  /** Streams that were cut before they had passed a kilobyte: at the upgrade or at the greeting. */
  readonly early: number;
  readonly processes: number;
  /** Starts whose answer was lost. */
  readonly lostStarts: number;
  readonly faults: readonly CutFault[];
}

/** Lets processes write what is known while the streams to them are cut, and compares every byte and every exit. */
export async function cutStreams(options: CutStreamsOptions): Promise<CutStreamsReport> {
  const { api, sandboxes, cuts, processes, seed, say } = options;
  const random = new Random(seed);
  const report = { processes: 0, lostStarts: 0, faults: [] as CutFault[] };
  api.plan = () => planCut(random);
  // Those that were opened before have no plan.
  api.cutAll();
  const ticker = setInterval(() => say?.(`${api.cuts.length} cuts, ${report.processes} processes`), 10_000);
  const work = async (sandbox: Sandbox): Promise<void> => {
    while (api.cuts.length < cuts && report.faults.length < 20) {
      const pattern = choosePattern(random);
      const started = await start(sandbox, pattern);
      report.processes += 1;
      if (started.wasLost) report.lostStarts += 1;
      for (const fault of started.faults) report.faults.push(fault);
      if (started.process === undefined) continue;
      const faults = await readPattern(started.process, pattern);
      for (const { kind, detail } of faults)
        report.faults.push({ kind, detail: `${sandbox.id} ${JSON.stringify(pattern)}: ${detail}` });
    }
  };
  await Promise.all(sandboxes.flatMap((sandbox) => Array.from({ length: processes }, () => work(sandbox))));
  clearInterval(ticker);
  api.plan = () => undefined;
  return { ...report, cuts: countKinds(api), early: api.cuts.filter(({ passed }) => passed < 1024).length };
}

function countKinds(api: CuttingApi): Record<CutKind, number> {
  const counted: Record<CutKind, number> = { reset: 0, end: 0, "from-server": 0, "to-server": 0, silence: 0 };
  for (const { kind } of api.cuts) counted[kind] += 1;
  return counted;
}

function planCut(random: Random): Cut {
  const kind = random.pick<CutKind>(["reset", "reset", "end", "end", "from-server", "to-server", "silence"]);
  const isEarly = random.next() < 0.15;
  return {
    kind,
    afterBytes: isEarly ? between(random, 1, 4000) : between(random, 20_000, 4_000_000),
    afterMs: between(random, 100, 3000),
  };
}

function choosePattern(random: Random): Pattern {
  return {
    mark: random.below(0x10000).toString(16).padStart(4, "0"),
    blocks: 1 + random.below(20),
    linesPerBlock: between(random, 1, 20_000),
    pauseSeconds: random.pick([0, 0.05, 0.2]),
    exitCode: random.below(256),
  };
}

interface Started {
  readonly process?: SandboxProcess;
  readonly wasLost: boolean;
  readonly faults: readonly CutFault[];
}

/** Starts a process. Where the answer was lost, it looks for the process, which must not have been started twice. */
async function start(sandbox: Sandbox, pattern: Pattern): Promise<Started> {
  const tag = randomUUID();
  let wasLost = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const found = wasLost ? (await sandbox.processes()).filter((process) => process.tag === tag) : [];
      const [first] = found;
      if (found.length > 1) return { wasLost, faults: [{ kind: "started twice", detail: sandbox.id }] };
      if (first !== undefined) return { process: await sandbox.attach(first.id, 0), wasLost, faults: [] };
      return { process: await sandbox.spawn(patternCommand(pattern), { tag }), wasLost, faults: [] };
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "lost" || attempt === 20) {
        return { wasLost, faults: [{ kind: "start given up", detail: `${sandbox.id}: ${causesOf(error)}` }] };
      }
      wasLost = true;
      await delay(50 * attempt);
    }
  }
}

/** A number between the two whose logarithm is spread evenly. */
function between(random: Random, least: number, most: number): number {
  return Math.floor(least * (most / least) ** random.next());
}

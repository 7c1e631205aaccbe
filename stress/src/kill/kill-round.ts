import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent, RunPhase } from "@glovebox/core";
import type { StressFault } from "../stress-scenario.ts";
import { type Command, StressStage } from "../stress-stage.ts";
import { type Checked, checkApplied, checkRound, eventsOf, resultOf } from "./check-round.ts";
import { makeProject } from "./project.ts";
import { Random } from "./random.ts";
import { deliver, describeStrike, randomStrike, type Strike } from "./strike.ts";

export interface KillRound {
  readonly faults: readonly StressFault[];
  /** The phase in which the run's process ended. */
  readonly endedIn: string;
  /** How many processes were ended. */
  readonly strikes: number;
}

const leaseMs = 10_000;
const longestRunMs = 4_000;
const longestCommandMs = 1_500;
const recoveryMs = 90_000;

/** A run that is killed, then recoveries that are killed, then one that is not: then everything must be right. */
export async function killRound(seed: number, round: number): Promise<KillRound> {
  const random = new Random(seed * 100_003 + round);
  const story: string[] = [];
  await using stage = new StressStage();
  const project = makeProject(stage.root, random);
  const output = join(stage.root, "out");
  const strike = randomStrike(random, longestRunMs);
  story.push(`run: ${describeStrike(strike)}`);
  const args = ["--workspace", project.path, "--output", output, "--json", "--lease", `${leaseMs / 1000}s`];
  const struckAt = Date.now();
  await struck(stage.run(project.script, args), strike);
  const [runId] = stage.runIds();
  const runDirectory = join(stage.home, "runs", runId ?? "none");
  const endedIn = phaseOf(eventsOf(runDirectory));
  const checked = {
    stage,
    project,
    output,
    aborted: strike.signals.filter((signal) => signal === "SIGINT").length > 1,
  };
  const faults: StressFault[] = [];
  // Most do not wait for the lease: they name the run.
  const waits = random.chance(0.2) || runId === undefined;
  const strikes = 1 + (await killRecoveries(stage, waits ? undefined : runId, random, story));
  if (waits) faults.push(...(await pastLease(stage, struckAt)));
  faults.push(...(await recover(stage, waits ? undefined : runId)));
  faults.push(...(await checkRound(checked)));
  faults.push(...(await applyStruck(checked, runDirectory, random, story)));
  const summary = `round ${round} --seed ${seed}: ${story.join("; ")}; ended in ${endedIn}; `;
  return { faults: faults.map(({ kind, detail }) => ({ kind, detail: summary + detail })), endedIn, strikes };
}

/** Waits for the end of a command that is struck. */
async function struck(command: Command, strike: Strike): Promise<void> {
  const seen = new Set<RunPhase>();
  const waiting = new Map<RunPhase, () => void>();
  let rest = "";
  command.process.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const phase = /"type":"run.state".*"to":"([a-z]+)"/.exec(line)?.[1] as RunPhase | undefined;
      if (phase === undefined) continue;
      seen.add(phase);
      waiting.get(phase)?.();
    }
  });
  const began = (phase: RunPhase) =>
    new Promise<void>((resolve) => (seen.has(phase) ? resolve() : void waiting.set(phase, resolve)));
  await deliver(strike, command, began);
  await command.done;
}

/** Up to two commands that would make things good, ended in the middle. */
async function killRecoveries(
  stage: StressStage,
  runId: string | undefined,
  random: Random,
  story: string[],
): Promise<number> {
  const count = random.pick([0, 0, 1, 1, 2]);
  for (let turn = 0; turn < count; turn += 1) {
    const named = runId === undefined ? [] : [runId];
    const command = random.pick<readonly string[]>([
      ["reap", ...named],
      ["reap", ...named],
      ["reap"],
      ["ps"],
      ["logs", ...named],
    ]);
    const { signals, delayMs, gapMs } = randomStrike(random, longestCommandMs);
    const strike = { signals, gapMs, delayMs: Math.min(delayMs * 4, longestCommandMs) };
    story.push(`${command.join(" ")}: ${describeStrike(strike)}`);
    await struck(stage.glovebox(command), strike);
  }
  return count;
}

/** Once the lease is over nothing runs any more, by whoever's hand. */
async function pastLease(stage: StressStage, struckAt: number): Promise<StressFault[]> {
  const deadline = struckAt + longestRunMs + leaseMs + recoveryMs;
  for (;;) {
    const running = (await stage.containers()).filter(({ State }) => State === "running");
    if (running.length === 0) return [];
    if (Date.now() > deadline)
      return [{ kind: "orphan past its lease", detail: running.map(({ Names }) => Names[0]).join() }];
    await sleep(500);
  }
}

/** What one does: `reap`, again while something may not be touched yet. */
async function recover(stage: StressStage, runId: string | undefined): Promise<StressFault[]> {
  const deadline = Date.now() + recoveryMs;
  for (;;) {
    const { code, stdout, stderr } = await stage.glovebox(["reap", ...(runId === undefined ? [] : [runId])]).done;
    const left = (await stage.containers()).length;
    if (code === 0 && left === 0) return [];
    if (Date.now() > deadline) {
      return [
        {
          kind: "reap does not end it",
          detail: `exit ${code}, ${left} containers: ${stdout} ${stderr}`.slice(0, 1000),
        },
      ];
    }
    await sleep(500);
  }
}

async function applyStruck(
  checked: Checked,
  runDirectory: string,
  random: Random,
  story: string[],
): Promise<StressFault[]> {
  const { stage } = checked;
  const listed = await stage.glovebox(["ps", "--json"]).done;
  if (!listed.stdout.includes('"outcome"')) return [];
  const events = eventsOf(runDirectory);
  // What was dropped at once, as it was asked, may be half.
  const whole = !checked.aborted || resultOf(runDirectory)?.files?.complete === true;
  const scriptDone = whole && events.some(({ type }) => type === "harness.result");
  if (random.chance(0.4)) {
    const strike = { signals: ["SIGKILL"] as const, gapMs: 0, delayMs: 100 + random.below(700) };
    story.push(`apply: ${describeStrike(strike)}`);
    await struck(stage.glovebox(["apply", "1", "--yes", "--target", checked.project.path]), strike);
  }
  const { code, stderr } = await stage.glovebox(["apply", "1", "--yes", "--target", checked.project.path]).done;
  const nothing = stderr.includes("brought no files back");
  if (code !== 0 && !(nothing && (checked.aborted || !scriptDone)))
    return [{ kind: "apply fails", detail: `exit ${code}: ${stderr}` }];
  return checkApplied(checked, scriptDone && !nothing);
}

function phaseOf(events: readonly RunEvent[]): string {
  let phase = "before its record";
  for (const event of events) if (event.type === "run.state") phase = event.to;
  return events.at(-1)?.type === "run.end" ? "after its end" : phase;
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunPhase } from "@glovebox/core";
import { checkApplied, checkRound, eventsOf, resultOf } from "../kill/check-round.ts";
import { makeProject } from "../kill/project.ts";
import { Random } from "../kill/random.ts";
import { lastLine, sessionDirectory, sessionLine } from "../shell-harness.ts";
import type { StressFault } from "../stress-scenario.ts";
import { type Command, StressStage } from "../stress-stage.ts";

/** Where the kill is aimed; `starting`: at the command that starts the run, before or after it has begun. */
export const runnerPhases = [
  "running",
  "collecting",
  "starting",
  "creating",
  "destroying",
  "preparing",
  "uploading",
  "installing",
] as const;
export type RunnerPhase = (typeof runnerPhases)[number];

export interface RunnerRound {
  readonly faults: readonly StressFault[];
  /** The phase in which the run's process ended. */
  readonly endedIn: string;
  readonly wasContinued: boolean;
  /** How many recoveries were killed too. */
  readonly recoveries: number;
}

/** How long each phase takes on an idle machine, about: the moment of the kill lies within. */
const phaseMs: Readonly<Record<RunnerPhase, number>> = {
  starting: 3500,
  preparing: 250,
  creating: 1200,
  uploading: 150,
  installing: 150,
  running: 2500,
  collecting: 300,
  destroying: 400,
};
const patienceMs = 120_000;
const startsFile = "starts.txt";

/** A detached run whose process is killed, its recovery by the next commands, and a continuation. */
export async function runnerRound(options: {
  readonly seed: number;
  readonly round: number;
  readonly phase: RunnerPhase;
}): Promise<RunnerRound> {
  const { seed, round, phase } = options;
  const random = new Random(seed * 100_003 + round);
  await using stage = new StressStage();
  const project = makeProject(stage.root, random);
  const checked = { stage, project, output: join(stage.root, "out"), aborted: false };
  const script =
    `mkdir -p ${sessionDirectory}; echo turn >> ${sessionDirectory}/log; echo start >> ${startsFile}\n` +
    `sync ${startsFile} ${sessionDirectory}/log; echo '${sessionLine}'\n${project.script}`;
  const delayMs = random.below(phaseMs[phase]);
  const runId = await struckRun(stage, [script, "--workspace", project.path, "--output", checked.output], {
    ...{ phase, delayMs },
  });
  const detail = (fault: StressFault) => ({ ...fault, detail: `${phase} + ${delayMs} ms; ${fault.detail}` });
  if (runId === undefined) {
    // The command was killed before the run had begun.
    const faults = await checkRound(checked);
    if (stage.runIds().length > 0) faults.push({ kind: "run without a runner", detail: String(stage.runIds()) });
    return { faults: faults.map(detail), endedIn: "before its record", wasContinued: false, recoveries: 0 };
  }
  const runDirectory = join(stage.home, "runs", runId);
  const endedIn = phaseOf(runDirectory);
  const recoveries = await killRecoveries(stage, runId, random);
  const faults = await recover(stage, runId, random);
  faults.push(...(await checkRound(checked)), ...checkStarts(checked.output, 1));
  const wasContinued = resultOf(runDirectory)?.sessionId !== undefined || hasSession(runDirectory);
  if (wasContinued) faults.push(...(await continueRun(stage, runId)));
  const scriptDone = eventsOf(runDirectory).some(({ type }) => type === "harness.result");
  const hasFiles = resultOf(runDirectory)?.files !== undefined;
  const { code, stderr } = await stage.glovebox(["apply", runId, "--yes", "--target", project.path]).done;
  if (code !== 0 && hasFiles) faults.push({ kind: "apply fails", detail: `exit ${code}: ${stderr}` });
  faults.push(...checkApplied(checked, scriptDone));
  if (scriptDone && !hasFiles) faults.push({ kind: "files lost", detail: "the script was through" });
  return { faults: faults.map(detail), endedIn, wasContinued, recoveries };
}

/** Starts a detached run and kills it, or the command that starts it; `undefined` where no run has begun. */
async function struckRun(
  stage: StressStage,
  [script = "", ...args]: readonly string[],
  { phase, delayMs }: { readonly phase: RunnerPhase; readonly delayMs: number },
): Promise<string | undefined> {
  const command = stage.run(script, ["--detach", "--quiet", ...withComponents(stage, phase), ...args]);
  if (phase === "starting") return await struckStart(stage, command, delayMs);
  const { code, stdout, stderr } = await command.done;
  if (code !== 0) throw new Error(`run --detach ended with ${code}: ${stderr}`);
  const runId = stdout.trim();
  const pid = stage.runners().get(runId);
  const runDirectory = join(stage.home, "runs", runId);
  await until(() => hasEntered(runDirectory, phase) || !stage.runners().has(runId));
  await sleep(delayMs);
  // Where the run was faster than the kill, there is nothing to kill.
  if (pid !== undefined && stage.runners().get(runId) === pid) kill(pid, "SIGKILL");
  await until(() => !stage.runners().has(runId));
  return runId;
}

/** The run continues without the command, or it never began, and then its process has ended too. */
async function struckStart(stage: StressStage, command: Command, delayMs: number): Promise<string | undefined> {
  await Promise.race([sleep(delayMs), command.done]);
  command.process.kill("SIGKILL");
  await command.done;
  await until(() => stage.processes().length === 0 || stage.runners().size > 0);
  const [runId] = stage.runIds();
  if (runId === undefined) return undefined;
  const waited = await stage.glovebox(["wait", runId]).done;
  if (waited.code !== 0) throw new Error(`The run of a killed command ended with ${waited.code}: ${waited.stderr}`);
  return runId;
}

/** One component, so that there is something to install. */
function withComponents(stage: StressStage, phase: RunnerPhase): readonly string[] {
  if (phase !== "installing") return [];
  const catalog = join(stage.root, "catalog");
  const file = join(catalog, "agents", "stress.md");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "---\nname: stress\ndescription: Stresses\n---\nYou stress.\n");
  return ["--components-source", `house=${catalog}`, "--agent", "house:stress"];
}

/** Up to two commands that would recover the run, killed in the middle. */
async function killRecoveries(stage: StressStage, runId: string, random: Random): Promise<number> {
  const count = random.pick([0, 0, 0, 1, 2]);
  for (let turn = 0; turn < count; turn += 1) {
    const command = stage.glovebox([random.pick(["wait", "stop", "reap"]), runId]);
    await Promise.race([sleep(500 + random.below(2500)), command.done]);
    command.process.kill("SIGKILL");
    await command.done;
  }
  return count;
}

/** The next commands that name the run, up to three at once. */
async function recover(stage: StressStage, runId: string, random: Random): Promise<StressFault[]> {
  const others: readonly (readonly string[])[] = [
    ["logs", runId, "-f", "--json"],
    ["diff", runId, "--stat"],
    ["stop", runId],
    ["ps"],
  ];
  const beside = [1, 2]
    .slice(random.below(3))
    .map(() => stage.glovebox(random.pick([others[0] ?? [], ...others])).done);
  const [waited] = await Promise.all([stage.glovebox(["wait", runId, "--json"]).done, ...beside]);
  const exitCode = resultOf(join(stage.home, "runs", runId))?.exitCode;
  if (waited.code === exitCode && waited.stdout.includes(`"runId":"${runId}"`)) return [];
  return [{ kind: "wait fails", detail: `exit ${waited.code} of ${exitCode}: ${waited.stdout}${waited.stderr}` }];
}

/** The agent's work began once, however often its run was recovered. */
function checkStarts(output: string, expected: number): StressFault[] {
  const starts = readIfThere(join(output, startsFile)).split("\n").filter(Boolean).length;
  if (starts <= expected) return [];
  return [{ kind: "run twice", detail: `the script started ${starts} times` }];
}

/** The conversation continues with all that was brought back, and the work that is done already is not done again. */
async function continueRun(stage: StressStage, runId: string): Promise<StressFault[]> {
  const next = join(stage.root, "next");
  const script = `cp ${sessionDirectory}/log turns.txt; echo start >> ${startsFile}; echo '${lastLine}'`;
  const args = ["resume", runId, script, "--harness", stage.harness, "--output", next, "--detach", "--quiet"];
  const started = await stage.glovebox(args).done;
  if (started.code !== 0) return [{ kind: "continue fails", detail: started.stderr }];
  const waited = await stage.glovebox(["wait", started.stdout.trim()]).done;
  if (waited.code !== 0) return [{ kind: "continuation fails", detail: waited.stdout + waited.stderr }];
  const [turns, starts] = [readIfThere(join(next, "turns.txt")), readIfThere(join(next, startsFile))];
  if (turns === "turn\n" && starts === "start\nstart\n") return [];
  return [{ kind: "conversation not as it was", detail: JSON.stringify({ turns, starts }) }];
}

function hasSession(runDirectory: string): boolean {
  return eventsOf(runDirectory).some(({ type }) => type === "harness.session");
}

function hasEntered(runDirectory: string, phase: RunPhase): boolean {
  return eventsOf(runDirectory).some((event) => event.type === "run.state" && event.to === phase);
}

function phaseOf(runDirectory: string): string {
  const events = eventsOf(runDirectory);
  if (events.at(-1)?.type === "run.end") return "after its end";
  const states = events.flatMap((event) => (event.type === "run.state" ? [event.to] : []));
  return states.at(-1) ?? "before its first event";
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited for ${condition}`);
    await sleep(10);
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent, RunResult } from "@glovebox/core";
import type { StressFault } from "../stress-scenario.ts";
import { type Command, StressStage } from "../stress-stage.ts";
import { FrozenEngine } from "./frozen-engine.ts";
import type { SilenceCase } from "./silence-case.ts";

export interface SilenceRound {
  readonly faults: readonly StressFault[];
  /** From the silence to the end of the run's process. */
  readonly tookMs: number;
  readonly outcome: string;
}

const timeoutSeconds = 60;
/** What docs/how-a-run-works.md promises after a stop, and some for a busy machine. */
const graceMs = 4 * 60_000;
/** Without a stop: the time until silence is noticed, the retries, and the grace period. */
const byItselfMs = 12 * 60_000;
const reapMs = 5 * 60_000;
const gapMs = 300;
const mostEqualWarnings = 3;

const script = [
  "echo made > made.txt",
  "dd if=/dev/urandom of=bulk bs=1M count=64 2>/dev/null",
  "echo stress: made",
] as const;

/** One run that loses whom it speaks to. It has to end in time and to say what is true; then what is left is removed. */
export async function silenceRound(silence: SilenceCase): Promise<SilenceRound> {
  await using stage = new StressStage();
  await using engine = await FrozenEngine.listen(stage.root);
  const env = { DOCKER_HOST: engine.host };
  const project = join(stage.root, "project");
  mkdirSync(project);
  writeFileSync(join(project, "input.bin"), Buffer.alloc(64 * 1024 * 1024, 7));
  const command = stage.run([...script, lastStep(silence)].join("\n"), argumentsOf(silence, stage, project), env);
  const faults: StressFault[] = [];
  const seen = watch(command);
  if (!(await seen.reached(silence))) {
    const { code, stderr } = await command.done;
    return { faults: [{ kind: "never got there", detail: `exit ${code}: ${stderr}` }], tookMs: 0, outcome: "none" };
  }
  await freeze(silence, stage, engine);
  const since = performance.now();
  const stopping = stop(silence, stage, command, env);
  const limitMs = silence.stop === "by itself" ? byItselfMs : graceMs + timeoutSeconds * 1000;
  const hangs = await exceeds(Promise.all([command.done, stopping]), limitMs);
  const tookMs = performance.now() - since;
  if (hangs) return { faults: [{ kind: "hangs", detail: seen.events.at(-1)?.type ?? "" }], tookMs, outcome: "hangs" };
  const { code, stdout, stderr } = await command.done;
  const result = resultOf(stage);
  if (result === undefined) faults.push({ kind: "no result", detail: `exit ${code}: ${stderr}` });
  else faults.push(...checkEnd(silence, code, result, stdout));
  engine.thaw();
  faults.push(...(await cleanUp(silence, stage, result)));
  return { faults, tookMs, outcome: result === undefined ? "none" : outcomeOf(result) };
}

function outcomeOf({ outcome, cleanup }: RunResult): string {
  return `${outcome}, ${cleanup.state}${cleanup.state === "left" ? `: ${cleanup.reason}` : ""}`;
}

/** A run that is to fall silent while it works does not end by itself. */
function lastStep({ phase }: SilenceCase): string {
  return phase === "running" ? "sleep 3600" : "echo stress: done";
}

function argumentsOf({ stop, freeze }: SilenceCase, stage: StressStage, project: string): readonly string[] {
  return [
    ...["--workspace", project, "--output", join(stage.root, "out"), "--json", "--lease", "60s"],
    ...(stop === "time-out" ? ["--timeout", `${timeoutSeconds}s`] : []),
    ...(freeze === "supervisor" ? ["--root-inside"] : []),
  ];
}

function watch(command: Command) {
  const events: RunEvent[] = [];
  let rest = "";
  let look = () => {};
  command.process.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) events.push(JSON.parse(line) as RunEvent);
    look();
  });
  const isReached = ({ phase }: SilenceCase) =>
    phase === "running"
      ? events.some((event) => event.type === "harness.raw" && event.line === "stress: made")
      : events.some((event) => event.type === "run.state" && event.to === phase);
  return {
    events,
    /** Whether the moment has come; false when the run has ended before it. */
    reached: (silence: SilenceCase) =>
      new Promise<boolean>((resolve) => {
        look = () => {
          if (isReached(silence)) resolve(true);
        };
        look();
        command.done.then(() => resolve(isReached(silence)));
      }),
  };
}

async function freeze({ freeze: what }: SilenceCase, stage: StressStage, engine: FrozenEngine): Promise<void> {
  if (what === "engine" || what === "open connections") return engine.freeze({ onlyOpen: what === "open connections" });
  const [found] = await stage.containers();
  // One that is being removed at that moment falls silent in its own way.
  if (found === undefined) return;
  const container = stage.docker.getContainer(found.Id);
  try {
    if (what === "sandbox") await container.pause();
    else await stopSupervisor(stage, found.Id);
  } catch (error) {
    if (![404, 409, 500].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
  }
}

async function stopSupervisor(stage: StressStage, id: string): Promise<void> {
  const exec = await stage.docker.getContainer(id).exec({
    Cmd: ["sh", "-c", "pkill -STOP -f 'supervisor.cjs serve'"],
    User: "0:0",
    Privileged: true,
    AttachStdout: true,
  });
  const stream = await exec.start({});
  stream.resume();
  await new Promise((resolve) => stream.once("end", resolve));
}

/** Asks the run to end. The commands that ask have to end as well. */
async function stop(
  { stop: how }: SilenceCase,
  stage: StressStage,
  { process }: Command,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (how === "Ctrl-C" || how === "two Ctrl-C") process.kill("SIGINT");
  if (how === "two Ctrl-C") {
    await sleep(gapMs);
    process.kill("SIGINT");
  }
  const [runId] = readdirSync(join(stage.home, "runs"));
  if (how === "stop") await stage.glovebox(["stop", runId ?? "1"], env).done;
  if (how === "stop --force") await stage.glovebox(["stop", "--force", runId ?? "1"], env).done;
}

async function exceeds(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const done = new AbortController();
  const timedOut = sleep(limitMs, true, { signal: done.signal }).catch(() => false);
  const result = await Promise.race([work.then(() => false), timedOut]);
  done.abort();
  return result;
}

function resultOf(stage: StressStage): RunResult | undefined {
  const [runId] = readdirSync(join(stage.home, "runs"));
  const file = join(stage.home, "runs", runId ?? "none", "result.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as RunResult) : undefined;
}

/** Whether the result states the true end. A run may have finished before it noticed anything. */
function checkEnd(
  { stop: how, phase }: SilenceCase,
  code: number | null,
  result: RunResult,
  stdout: string,
): readonly StressFault[] {
  const faults: StressFault[] = [];
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RunEvent);
  if (events.at(-1)?.type !== "run.end") faults.push({ kind: "no run.end", detail: events.at(-1)?.type ?? "nothing" });
  if (code !== result.exitCode) faults.push({ kind: "exit code", detail: `${code}, and ${result.exitCode} recorded` });
  const exitCodes = {
    "by itself": [],
    "time-out": [124],
    "Ctrl-C": [130],
    "two Ctrl-C": [130],
    stop: [130],
    "stop --force": [130],
  };
  // Before there is a sandbox it is the provider that cannot work here.
  const allowed: readonly number[] = [0, 4, 5, ...exitCodes[how], ...(phase === "preparing" ? [3] : [])];
  if (!allowed.includes(result.exitCode))
    faults.push({ kind: "exit code", detail: `${result.exitCode}: ${result.reason}` });
  if (result.cleanup.state === "left" && !result.cleanup.reason)
    faults.push({ kind: "left without a reason", detail: "" });
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type !== "warning") continue;
    const key = `${event.code}: ${event.message}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [warning, count] of counts) {
    if (count > mostEqualWarnings) faults.push({ kind: "repeated warning", detail: `${count} times ${warning}` });
  }
  return faults;
}

/** What was left is removed by `reap`, and what the run had made is on this machine then. */
async function cleanUp(
  { stop: how, phase }: SilenceCase,
  stage: StressStage,
  result: RunResult | undefined,
): Promise<readonly StressFault[]> {
  const before = await stage.containers();
  if (result?.cleanup.state === "clean" && before.length > 0) {
    return [{ kind: "clean, and a container is left", detail: before.map(({ State }) => State).join() }];
  }
  const reaping = stage.glovebox(["reap"]);
  if (await exceeds(reaping.done, reapMs)) return [{ kind: "reap hangs", detail: "" }];
  const { code, stdout, stderr } = await reaping.done;
  const after = await stage.containers();
  if (after.length > 0) {
    const detail = `exit ${code}: ${stdout}${stderr}${after.map(({ Status }) => Status).join()}`;
    return [{ kind: "reap leaves a container", detail }];
  }
  const hasMade = phase === "running" || phase === "collecting" || phase === "destroying";
  const isGivenUp = how === "two Ctrl-C" || how === "stop --force";
  if (hasMade && !isGivenUp && !existsSync(join(stage.root, "out/made.txt"))) {
    return [{ kind: "file lost", detail: `${result?.outcome}, ${result?.reason}; reap: ${stdout}${stderr}` }];
  }
  return [];
}

import { setTimeout as delay } from "node:timers/promises";
import { within } from "../../bounds/within.ts";
import { SandboxAbortedError, SandboxProcessError } from "../../errors/index.ts";
import { exec } from "../../exec/exec.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import type { ProcessExit, SandboxProcess } from "../../provider/sandbox-process.ts";
import type { Readiness, StartCommand } from "../../provider/start-command.ts";
import type { RunContext } from "../context/run-context.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";
import { OutputTail } from "./output-tail.ts";

const defaultTimeoutMs = 60_000;
const firstPauseMs = 50;
const longestPauseMs = 1000;
const checkTimeoutMs = 30_000;
/** The state of a socket that waits for connections, in `/proc/net/tcp`. */
const listening = "0A";

/**
 * Starts the command that runs beside the harness and waits until it is ready. It ends with every other process when the
 * files are collected. Throws `process` with its last output when it fails or is not ready in time.
 */
export async function startStage(run: RunContext, { handle }: RunSandbox): Promise<void> {
  const { spec, cancellation, reporter } = run;
  const { start } = spec;
  if (start === undefined) return;
  if (reporter.phase !== "installing") reporter.enter("installing");
  reporter.progress("starting the start command");
  const process = await within(
    { operation: "starting the start command", signal: cancellation.stopping },
    () => handle.spawn(start.argv, { cwd: workspaceDir, tag: "start", output: "detached" }),
    (lateResult) => lateResult.kill(),
  );
  const tail = OutputTail.of(process.output);
  await becomeReady(handle, { start, process, tail, stopping: cancellation.stopping });
  reporter.progress("the start command is ready");
  // It may end at any time from here: the agent has to know why its server does not answer.
  void process.exit.then((exit) => {
    if (reporter.phase === "running" && cancellation.reason === undefined && hasFailed(exit)) {
      reporter.warn("start-command", `The start command ended: ${describeExit(exit)}${tail.line()}`);
    }
  });
}

interface Starting {
  readonly start: StartCommand;
  readonly process: SandboxProcess;
  readonly tail: OutputTail;
  readonly stopping: AbortSignal;
}

async function becomeReady(sandbox: Sandbox, { start, process, tail, stopping }: Starting): Promise<void> {
  const { ready, timeoutMs = defaultTimeoutMs } = start;
  if (ready === undefined) return;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([stopping, deadline]);
  let exit: ProcessExit | undefined;
  // One that exits with 0 may leave a service that runs.
  const failure = new Promise<void>((resolve) => {
    void process.exit.then((ended) => {
      if (!hasFailed(ended)) return;
      exit = ended;
      resolve();
    });
  });
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (await isReady(sandbox, ready, signal)) return;
      await Promise.race([failure, delay(pauseMs, undefined, { signal })]);
      if (exit !== undefined) throw await failed(`The start command failed: ${describeExit(exit)}`, tail);
    }
  } catch (error) {
    if (stopping.aborted) throw new SandboxAbortedError("The run was stopped before its start command was ready");
    if (!deadline.aborted) throw error;
    const what = `${timeoutMs / 1000} s: ${describeReadiness(ready)}`;
    throw await failed(`The start command was not ready within ${what}`, tail);
  }
}

async function isReady(sandbox: Sandbox, ready: Readiness, signal: AbortSignal): Promise<boolean> {
  if ("argv" in ready) return (await run(sandbox, ready.argv, signal)).exitCode === 0;
  if ("file" in ready) {
    return (await run(sandbox, ["/bin/sh", "-c", 'test -e "$1"', "sh", ready.file], signal)).exitCode === 0;
  }
  const tables = await run(sandbox, ["/bin/sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 2>/dev/null"], signal);
  return tables.stdout.split("\n").some((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    return state === listening && Number.parseInt(local.split(":")[1] ?? "", 16) === ready.port;
  });
}

function run(sandbox: Sandbox, argv: readonly [string, ...string[]], signal: AbortSignal) {
  return exec(sandbox, argv, { timeoutMs: checkTimeoutMs, maxBytes: 256 * 1024, signal });
}

function hasFailed({ exitCode, reason }: ProcessExit): boolean {
  return exitCode !== 0 && reason !== "lost";
}

function describeExit({ exitCode, signal, reason }: ProcessExit): string {
  if (exitCode !== null) return `exit code ${exitCode}`;
  return reason === "oom" ? "the sandbox ran out of memory" : (signal ?? reason);
}

function describeReadiness(ready: Readiness): string {
  if ("argv" in ready) return `\`${ready.argv.at(-1)}\` does not exit with 0`;
  return "port" in ready ? `nothing listens on port ${ready.port}` : `${ready.file} does not exist`;
}

async function failed(message: string, tail: OutputTail): Promise<SandboxProcessError> {
  await tail.settled();
  return new SandboxProcessError(`${message}${tail.lines()}`, {
    hint: "Correct `start` in the template's description.",
  });
}

import { InvalidOptionsError, SandboxAbortedError, SandboxLostError } from "../../errors/index.ts";
import type { HarnessResultEvent } from "../../events/harness-event.ts";
import type { RunEventBody } from "../../events/run-event.ts";
import { noComponents } from "../../harness/component-set.ts";
import type { HarnessOutcome } from "../../harness/harness.ts";
import type { PermissionQuestion } from "../../harness/permission-question.ts";
import type { Capabilities } from "../../provider/capabilities.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { ProcessExit } from "../../provider/sandbox-process.ts";
import { mergeEnvironment } from "../../run-settings/merge-environment.ts";
import { measureInside } from "../../usage/measure-inside.ts";
import type { RunContext } from "../context/run-context.ts";
import { isRefusedForSpace } from "../disk-space.ts";
import { type DriveResult, driveHarness } from "../harness/drive-harness.ts";
import { driveInteractive } from "../harness/drive-interactive.ts";
import { type RunCommand, withRoutes } from "../harness/harness-command.ts";
import { sandboxFailure } from "../recovery/sandbox-failure.ts";
import type { RunSpec } from "../run-spec.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";
import { watchViewers } from "../viewers.ts";

export interface HarnessVerdict {
  readonly outcome: HarnessOutcome;
  readonly result: HarnessResultEvent | undefined;
  /** Why the result has no structured answer, if one was asked for. */
  readonly answerProblem: string | undefined;
  /** Whether the harness had reported its result before it was asked to stop. */
  readonly endedByItself: boolean;
}

/** What the harness did: its verdict, or the error of a sandbox that failed. */
export interface Ran {
  readonly verdict?: HarnessVerdict;
  readonly error?: unknown;
  /** A disk was full when a tool of the agent tried to write. */
  readonly wasRefusedForSpace: boolean;
}

interface Observed {
  readonly endedByItself: boolean;
  readonly wasRefusedForSpace: boolean;
}

const completionTimeoutMs = 10_000;
/** How long after its processes a sandbox that stops may still be running. */
const stoppingMs = 5000;

/**
 * Enters the phase in which the agent works. Throws when the run is stopped by then, also by a journal that could not take
 * the phase: recovery reads there whether the harness was started.
 */
export function enterHarness({ reporter, cancellation }: RunContext): void {
  reporter.enter("running");
  if (cancellation.reason !== undefined)
    throw new SandboxAbortedError("The run was stopped before its harness started");
}

/** Runs the harness with the prompt, to its end. Never rejects. */
export async function harnessStage(run: RunContext, sandbox: RunSandbox): Promise<Ran> {
  let observed: Observed = { endedByItself: false, wasRefusedForSpace: false };
  const observe = (event: RunEventBody) => {
    observed = {
      endedByItself:
        observed.endedByItself || (event.type === "harness.result" && run.cancellation.reason === undefined),
      wasRefusedForSpace: observed.wasRefusedForSpace || (event.type === "tool.end" && isRefusedForSpace(event)),
    };
  };
  try {
    if (run.spec.interactive) return { verdict: await interact(run, sandbox), ...spaceOf(observed) };
    const driven = await drive(run, sandbox, observe);
    await assertEnded(run, sandbox, driven);
    const { result, answerProblem, exit, stderrTail } = driven;
    const outcome = run.spec.harness.outcome(result, exit, stderrTail);
    if (outcome.warning !== undefined) run.reporter.warn("harness", outcome.warning);
    return { verdict: { outcome, result, answerProblem, endedByItself: observed.endedByItself }, ...spaceOf(observed) };
  } catch (error) {
    return { error, ...spaceOf(observed) };
  }
}

function spaceOf({ wasRefusedForSpace }: Observed): Pick<Ran, "wasRefusedForSpace"> {
  return { wasRefusedForSpace };
}

async function drive(
  run: RunContext,
  sandbox: RunSandbox,
  observe: (event: RunEventBody) => void,
): Promise<DriveResult> {
  const { spec, cancellation, watchdog, reporter, monitor } = run;
  const { handle } = sandbox;
  watchdog.watch(() => processorTime(sandbox.handle, spec.provider.capabilities));
  const driven = await driveHarness({
    refusedHosts: () => monitor.refusedHosts,
    sandbox: handle,
    harness: spec.harness,
    expected: spec.components?.expected ?? noComponents,
    task: spec.task,
    answer: run.answer,
    permit: withoutSecrets(run),
    command: commandInside(run, handle),
    cancellation,
    completionTimeoutMs: spec.completionTimeoutMs ?? completionTimeoutMs,
    emit: (event) => {
      observe(event);
      if (event.type === "warning") reporter.warn(event.code, event.message, event.remedy);
      else reporter.emit(event);
    },
    touch: () => watchdog.touch(),
    reconnect: () => sandbox.reconnect(cancellation.stopping),
    mayLive: () => !sandbox.isLeaseOver,
  });
  watchdog.rest();
  return driven;
}

/** A question leaves the run as its events do. The harness continues with its own input. */
function withoutSecrets({ spec: { permit }, redactor }: RunContext): RunSpec["permit"] {
  if (permit === undefined) return undefined;
  return async (question, signal) => await permit(redactor.value(question) as PermissionQuestion, signal);
}

function commandInside({ command, model }: RunContext, { modelUrls }: Sandbox): RunCommand {
  const placed = withRoutes(command, modelUrls);
  return { ...placed, env: mergeEnvironment({ harness: placed.env, model: model.environment(modelUrls) }) };
}

/** A user decides when it is done: how the program ends is the outcome. */
async function interact(run: RunContext, sandbox: RunSandbox): Promise<HarnessVerdict> {
  const { spec, cancellation, watchdog, reporter, runDirectory } = run;
  const { handle } = sandbox;
  const { interactive } = spec.harness;
  if (interactive === undefined) throw new InvalidOptionsError(`${spec.harness.id} cannot be used at a terminal`);
  // Without a limit that was given, silence is a user who thinks.
  if (spec.idleTimeoutMs !== undefined) watchdog.watch(() => processorTime(handle, spec.provider.capabilities));
  const viewers = watchViewers(runDirectory, () => watchdog.touch());
  try {
    const exit = await driveInteractive({
      ...{ sandbox: handle, harness: spec.harness, interactive, task: spec.task, cancellation, completionTimeoutMs },
      command: commandInside(run, handle),
      emit: (event) => {
        if (event.type === "warning") reporter.warn(event.code, event.message, event.remedy);
        else reporter.emit(event);
      },
      touch: () => watchdog.touch(),
      reconnect: () => sandbox.reconnect(cancellation.stopping),
      mayLive: () => !sandbox.isLeaseOver,
    });
    const endedByItself = cancellation.reason === undefined;
    await assertEnded(run, sandbox, { result: undefined, exit });
    return { outcome: interactiveOutcome(exit), result: undefined, answerProblem: undefined, endedByItself };
  } finally {
    viewers[Symbol.dispose]();
    watchdog.rest();
  }
}

function interactiveOutcome({ exitCode, signal }: ProcessExit): HarnessOutcome {
  if (exitCode === 0) return { ok: true, reason: "done", message: "The user ended the conversation" };
  const end = exitCode === null ? (signal ?? "an unknown exit code") : `exit code ${exitCode}`;
  return { ok: false, reason: "error", message: `The program in the terminal ended with ${end}` };
}

async function processorTime(handle: Sandbox, { stats }: Capabilities): Promise<number> {
  const signal = AbortSignal.timeout(10_000);
  return stats ? (await handle.stats({ signal })).cpuMs : (await measureInside(handle, { signal })).cpuMs;
}

/** Throws where the harness gave no result because it was stopped, or because its sandbox failed. */
async function assertEnded(
  run: RunContext,
  sandbox: RunSandbox,
  { result, exit }: Pick<DriveResult, "result" | "exit">,
): Promise<void> {
  if (result !== undefined) return;
  if (run.cancellation.reason !== undefined) throw new SandboxAbortedError("The run was stopped");
  if (exit.reason === "lost") {
    throw new SandboxLostError("The connection to the sandbox broke while the harness ran", {
      providerId: sandbox.handle.providerId,
      hint: "Run `glovebox reap` to collect its files once the sandbox can be reached again.",
    });
  }
  if (exit.reason !== "killed") return;
  // A sandbox that stops ends its processes first: then the harness did not fail.
  const failure = await sandboxFailure(sandbox, run.cancellation, stoppingMs);
  if (failure !== undefined) throw failure;
}

import { SandboxError, type SandboxErrorCode } from "../errors/index.ts";
import type { Cleanup } from "../events/run-event.ts";
import { stateDirectoryError } from "../state/state-directory-error.ts";
import { adviceOf } from "./advice-of.ts";
import { createRunContext, type RunContext, type RunStart } from "./context/run-context.ts";
import { asSandboxError, type Failure, originOf } from "./failure.ts";
import { BackgroundReap } from "./recovery/background-reap.ts";
import { sandboxFailure } from "./recovery/sandbox-failure.ts";
import type { RunResult } from "./run-result.ts";
import type { RunSandbox } from "./sandbox/run-sandbox.ts";
import { type Collected, collectStage } from "./stages/collect-stage.ts";
import { concludeStage, type Reached, resultOf } from "./stages/conclude-stage.ts";
import { createStage } from "./stages/create-stage.ts";
import { destroyStage } from "./stages/destroy-stage.ts";
import { enterHarness, harnessStage, type Ran } from "./stages/harness-stage.ts";
import { installStage } from "./stages/install-stage.ts";
import { prepareStage } from "./stages/prepare-stage.ts";
import { snapshotStage } from "./stages/snapshot-stage.ts";
import { startStage } from "./stages/start-stage.ts";
import { uploadStage } from "./stages/upload-stage.ts";
import { updateRecord, writeDraft } from "./state/run-record.ts";

/** How far a run came, up to the end of its harness. */
interface Worked {
  readonly sandbox?: RunSandbox;
  /** A sandbox may exist although there is no handle on it. */
  readonly mayHaveSandbox?: boolean;
  /** Set once the harness was started: before that, nothing in the sandbox is the agent's work. */
  readonly ran?: Ran;
  /** What ended it early. */
  readonly error?: unknown;
}

/** Codes of errors that say nothing about why the connection broke; the sandbox itself may. */
const brokenCodes: ReadonlySet<SandboxErrorCode> = new Set(["lost", "unavailable", "timeout", "stopped"]);

/**
 * Takes a run through its stages: prepare, create, upload, install, run, collect, destroy, conclude. Never rejects for what
 * happens in the run. What was collected is recorded before anything is destroyed.
 */
export async function executeRun(start: RunStart): Promise<RunResult> {
  const run = createRunContext(start);
  const reaping = new BackgroundReap(run);
  const worked = await work(run, reaping);
  const { sandbox, ran } = worked;
  const failure = await reportFailure(run, worked);
  const collected = await collectWork(run, { sandbox, failure, ran });
  const cleanup = await cleanUp(run, worked, collected);
  sandbox?.releaseLease();
  await reaping.end();
  try {
    return concludeStage(run, { sandbox, failure, ran, collected, cleanup });
  } finally {
    run.lock.release();
  }
}

async function work(run: RunContext, reaping: BackgroundReap): Promise<Worked> {
  try {
    if (isBudgetSpent(run)) return {};
    const prepared = await prepareStage(run);
    const { continues } = run.spec;
    // Of a run to be continued the sandbox is taken over first: its lease may have ended, and no reap is to remove it before.
    if (continues === undefined) reaping.start();
    const created = await createStage(run, prepared);
    if (continues !== undefined) reaping.start();
    if (created.sandbox === undefined) return { error: created.error, mayHaveSandbox: created.mayExist };
    return await workInside(run, created.sandbox);
  } catch (error) {
    return { error };
  } finally {
    run.watchdog.dispose();
  }
}

/** A run whose first request would be refused is not worth a sandbox. */
function isBudgetSpent({ spec: { budget }, monitor }: RunContext): boolean {
  const exhausted = budget?.exhausted;
  if (exhausted === undefined) return false;
  monitor.observer.onBudgetExceeded?.(exhausted);
  return true;
}

async function workInside(run: RunContext, sandbox: RunSandbox): Promise<Worked> {
  try {
    sandbox.keepLease();
    await uploadStage(run, sandbox);
    await installStage(run, sandbox);
    await startStage(run, sandbox);
    enterHarness(run);
  } catch (error) {
    return { sandbox, error };
  }
  const ran = await harnessStage(run, sandbox);
  return { sandbox, ran, ...("error" in ran ? { error: ran.error } : {}) };
}

/** Publishes what ended the run early. The consequence of a stop is not a failure. */
async function reportFailure(run: RunContext, worked: Worked): Promise<Failure | undefined> {
  if (!("error" in worked)) return undefined;
  const { cancellation, redactor, reporter } = run;
  const problem = asSandboxError(await causeOf(run, worked));
  if (problem.code === "aborted" && cancellation.reason !== undefined) return undefined;
  const { code, message, retryable } = problem;
  const origin = originOf(problem, reporter.phase);
  reporter.emit({ type: "error", code, message, retryable, ...adviceOf(problem) });
  return { origin, reason: redactor.text(message), ...adviceOf(problem) };
}

async function causeOf(run: RunContext, { sandbox, error }: Worked): Promise<unknown> {
  if (sandbox === undefined || !SandboxError.isInstance(error) || !brokenCodes.has(error.code)) return error;
  return (await sandboxFailure(sandbox, run.cancellation)) ?? error;
}

/** Collects what the agent may have left, and records it. A superseded process collects nothing: the run is another's. */
async function collectWork(run: RunContext, reached: Reached): Promise<Collected> {
  const { sandbox, ran } = reached;
  if (sandbox === undefined || ran === undefined) return {};
  if (!run.lock.isCurrent() || run.cancellation.aborted.aborted) return {};
  const collected = await collectStage(run, sandbox, ran);
  return recordDraft(run, { ...reached, collected });
}

/** A result that cannot be recorded keeps the sandbox from being destroyed. */
function recordDraft(run: RunContext, reached: Reached & { readonly collected: Collected }): Collected {
  const { spec, runDirectory, lock, reporter } = run;
  const { sandbox, collected } = reached;
  if (sandbox === undefined || collected.files === undefined || !lock.isCurrent()) return collected;
  const reason = "its process ended before it was removed";
  const cleanup: Cleanup = { state: "left", providerId: spec.provider.id, sandboxId: sandbox.handle.id, reason };
  try {
    writeDraft(runDirectory, resultOf(run, { ...reached, cleanup }));
    return collected;
  } catch (error) {
    const problem = stateDirectoryError(runDirectory, error);
    reporter.warn("collect", `The files were brought back but could not be recorded: ${problem.message}`);
    return { ...collected, error: collected.error ?? problem };
  }
}

/** Nothing was done in it, so it stays the earlier run's, which has kept it. */
async function handBack({ runDirectory, spec }: RunContext, sandbox: RunSandbox): Promise<Cleanup> {
  await sandbox.close();
  try {
    updateRecord(runDirectory, { takenOver: undefined });
    return { state: "clean" };
  } catch (error) {
    const reason = asSandboxError(error).message;
    return { state: "left", providerId: spec.provider.id, sandboxId: sandbox.handle.id, reason };
  }
}

/** A superseded process destroys nothing. */
async function cleanUp(run: RunContext, worked: Worked, collected: Collected): Promise<Cleanup> {
  const { sandbox, mayHaveSandbox = false } = worked;
  if (sandbox?.isTakenOver && worked.ran === undefined && run.lock.isCurrent()) return await handBack(run, sandbox);
  if (worked.ran !== undefined && collected.error === undefined) await snapshotStage(run, sandbox);
  if (run.lock.isCurrent()) return destroyStage(run, { sandbox, mayHaveSandbox, collectError: collected.error });
  await sandbox?.close();
  return { state: "left", providerId: run.spec.provider.id, reason: "another process has taken the run over" };
}

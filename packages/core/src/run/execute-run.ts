import type { Cleanup } from "../events/run-event.ts";
import { uploadWorkspace } from "../files/upload-workspace.ts";
import { concludeRun } from "./conclude-run.ts";
import { Execution, type ExecutionOptions } from "./execution.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { reap } from "./reap.ts";
import type { RunResult } from "./run-result.ts";
import { collectStage } from "./stages/collect-stage.ts";
import { createStage } from "./stages/create-stage.ts";
import { destroyStage } from "./stages/destroy-stage.ts";
import { type HarnessVerdict, harnessStage } from "./stages/harness-stage.ts";
import { installStage } from "./stages/install-stage.ts";
import { prepareStage } from "./stages/prepare-stage.ts";
import { Watchdog } from "./watchdog.ts";

const timeoutMs = 30 * 60_000;
const idleTimeoutMs = 10 * 60_000;

/** Takes a run through its phases and says what came of it. Never rejects for what happens in the run. */
export async function executeRun(options: ExecutionOptions): Promise<RunResult> {
  const execution = new Execution(options);
  const reaping = { done: Promise.resolve() };
  const keeper = { stop: () => {} };
  let verdict: HarnessVerdict | undefined;
  try {
    verdict = await work(execution, reaping, keeper);
  } catch (error) {
    execution.fail(error);
  }
  const cleanup = await finish(execution);
  keeper.stop();
  await reaping.done;
  try {
    return concludeRun(execution, { cleanup, ...(verdict === undefined ? {} : { verdict }) });
  } finally {
    options.lock.release();
  }
}

async function work(
  execution: Execution,
  reaping: { done: Promise<void> },
  keeper: { stop: () => void },
): Promise<HarnessVerdict> {
  const { spec, stopSwitch } = execution;
  const watchdog = new Watchdog({
    stopSwitch,
    timeoutMs: spec.timeoutMs ?? timeoutMs,
    idleTimeoutMs: spec.idleTimeoutMs ?? idleTimeoutMs,
  });
  execution.watchdog = watchdog;
  try {
    const template = await prepareStage(execution);
    reaping.done = reapBefore(execution);
    await createStage(execution, template);
    keeper.stop = keepLease(execution);
    await upload(execution);
    await installStage(execution);
    return await harnessStage(execution);
  } finally {
    watchdog.dispose();
  }
}

async function upload(execution: Execution): Promise<void> {
  const { spec, sandbox, options, stopSwitch } = execution;
  if (spec.workspace === undefined || sandbox === undefined) return;
  execution.enter("uploading");
  await uploadWorkspace(sandbox, {
    workspace: spec.workspace,
    runDir: options.runDir,
    signal: stopSwitch.stopping,
    onProgress: (message, done, total) =>
      execution.progress(message, {
        ...(done === undefined ? {} : { done }),
        ...(total === undefined ? {} : { total }),
      }),
    onWarning: (code, message) => execution.warn(code, message),
  });
}

/** A superseded process collects and destroys nothing: the run is another's. */
async function finish(execution: Execution): Promise<Cleanup> {
  const { sandbox, stopSwitch, spec, options } = execution;
  if (sandbox !== undefined && options.lock.isCurrent() && !stopSwitch.aborted.aborted) await collectStage(execution);
  if (options.lock.isCurrent()) return destroyStage(execution);
  await sandbox?.close().catch(() => {});
  return { state: "left", providerId: spec.provider.id, reason: "another process has taken the run over" };
}

function keepLease(execution: Execution): () => void {
  const keeper = new LeaseKeeper({
    sandbox: () => {
      if (execution.sandbox === undefined) throw new Error("unreachable: the lease is kept after create");
      return execution.sandbox;
    },
    leaseMs: execution.leaseMs,
    isCurrent: () => execution.options.lock.isCurrent(),
    onFailure: (error) => execution.warn("lease", `The lease could not be extended: ${(error as Error).message}`),
  });
  return () => keeper.dispose();
}

/** What earlier runs of this owner left is collected and removed meanwhile. */
async function reapBefore(execution: Execution): Promise<void> {
  const { spec, stopSwitch } = execution;
  try {
    const report = await reap({ home: spec.home, provider: spec.provider, signal: stopSwitch.aborted });
    for (const { runId, directory } of report.collected) {
      execution.warn("recovered", `The files of the earlier run ${runId} were brought back to ${directory}`);
    }
  } catch (error) {
    execution.warn("reap", `What earlier runs left could not be looked at: ${(error as Error).message}`);
  }
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { InvalidOptionsError, SandboxError, SandboxQuotaError } from "../errors/index.ts";
import { executeRun } from "./execute-run.ts";
import { followJournal } from "./follow-journal.ts";
import { Growth } from "./growth.ts";
import { harnessCommand } from "./harness-command.ts";
import { modelAccess } from "./model-route.ts";
import { openRun } from "./open-run.ts";
import type { Run } from "./run-handle.ts";
import { newRunId } from "./run-id.ts";
import type { RunSpec } from "./run-spec.ts";
import { watchStopRequests } from "./stop-request.ts";
import { StopSwitch } from "./stop-switch.ts";

export interface RunOptions {
  /** Aborting it is `cancel()`. */
  readonly signal?: AbortSignal;
  /** A new one unless given. */
  readonly runId?: string;
}

/**
 * Runs a harness with a prompt in a sandbox: prepare, create, upload, run, collect, destroy. Starts at once. The run
 * itself never throws for what happens in it: `result` resolves to what came of it. Throws `invalid-options` when the
 * harness refuses the task or has no use for the credential, and when the state folder cannot be used.
 */
export function run(spec: RunSpec, options: RunOptions = {}): Run {
  const runId = options.runId ?? newRunId();
  const runDir = join(spec.home, "runs", runId);
  // What cannot be asked of the harness is refused before anything is made.
  const model = modelAccess(spec);
  const command = harnessCommand(spec);
  const growth = new Growth();
  const opened = open(runDir, () => openRun({ spec, runId, runDir, onAppend: () => growth.announce() }));
  const stopSwitch = new StopSwitch();
  const cancel = () => stopSwitch.stop({ kind: "cancelled" });
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });
  const unwatch = watchStopRequests(runDir, stopSwitch);
  let ended = false;
  const result = executeRun({ spec, runId, runDir, stopSwitch, model, command, ...opened }).finally(() => {
    ended = true;
    unwatch();
    options.signal?.removeEventListener("abort", cancel);
    growth.announce();
  });
  return {
    id: runId,
    result,
    cancel,
    abort: () => stopSwitch.stop({ kind: "aborted" }),
    [Symbol.asyncIterator]: () => followJournal(runDir, { mayGrow: () => !ended, growth }),
  };
}

function open<T>(runDir: string, use: () => T): T {
  try {
    mkdirSync(runDir, { recursive: true, mode: 0o700 });
    return use();
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    throw stateFolderError(runDir, error);
  }
}

function stateFolderError(runDir: string, cause: unknown): SandboxError {
  if ((cause as NodeJS.ErrnoException).code === "ENOSPC") {
    return new SandboxQuotaError(`There is no space left for the run's state in ${runDir}`, {
      hint: "Make room there, or set GLOVEBOX_HOME to a folder on another disk.",
      cause,
    });
  }
  return new InvalidOptionsError(`The state folder ${runDir} cannot be written`, {
    hint: "Set GLOVEBOX_HOME to a folder that you own.",
    cause,
  });
}

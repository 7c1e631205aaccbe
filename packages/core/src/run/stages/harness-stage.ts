import { SandboxAbortedError, SandboxError } from "../../errors/index.ts";
import type { HarnessResultEvent } from "../../events/harness-event.ts";
import type { RunEventBody } from "../../events/run-event.ts";
import type { HarnessOutcome } from "../../harness/harness.ts";
import { driveHarness } from "../drive-harness.ts";
import type { Execution } from "../execution.ts";

export interface HarnessVerdict {
  readonly outcome: HarnessOutcome;
  readonly result: HarnessResultEvent | undefined;
  /** Whether the harness had said its last word before anybody asked it to stop. */
  readonly endedByItself: boolean;
}

const completionTimeoutMs = 10_000;

/** Runs the harness with the prompt. Throws only when the sandbox failed; what the harness came to is the verdict. */
export async function harnessStage(execution: Execution): Promise<HarnessVerdict> {
  const { spec, stopSwitch, watchdog } = execution;
  const sandbox = execution.sandbox;
  if (sandbox === undefined) throw new SandboxError("internal", "There is no sandbox to run the harness in");
  execution.enter("running");
  const { command, model } = execution.options;
  let endedByItself = false;
  watchdog?.watch(spec.provider.capabilities.stats ? () => statsOf(execution) : undefined);
  const { result, exit, stderrTail } = await driveHarness({
    sandbox,
    harness: spec.harness,
    ...(spec.components === undefined ? {} : { expected: spec.components.expected }),
    task: spec.task,
    command: { ...command, env: { ...command.env, ...model.environment(sandbox.modelUrls) } },
    stopSwitch,
    completionTimeoutMs: spec.completionTimeoutMs ?? completionTimeoutMs,
    emit: (event: RunEventBody) => {
      if (event.type === "harness.result") endedByItself ||= stopSwitch.reason === undefined;
      execution.emit(event);
    },
    touch: () => watchdog?.touch(),
    reconnect: () => execution.reconnect(stopSwitch.stopping),
  });
  watchdog?.rest();
  if (result === undefined && stopSwitch.reason !== undefined) throw new SandboxAbortedError("The run was stopped");
  if (result === undefined && exit.reason === "lost") {
    throw new SandboxError("lost", "The connection to the sandbox broke while the harness ran", {
      providerId: sandbox.providerId,
      hint: "What it made is collected when the sandbox can be reached: see glovebox reap.",
    });
  }
  const outcome = spec.harness.outcome(result, exit, stderrTail);
  if (outcome.warning !== undefined) execution.warn("harness", outcome.warning);
  return { outcome, result, endedByItself };
}

async function statsOf(execution: Execution) {
  if (execution.sandbox === undefined) throw new SandboxError("internal", "There is no sandbox");
  return execution.sandbox.stats({ signal: AbortSignal.timeout(10_000) });
}

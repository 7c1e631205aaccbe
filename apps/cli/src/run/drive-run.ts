import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Run, type RunEvent, type RunResult, run } from "@glovebox/core";
import { SandboxAbortedError } from "@glovebox/core/provider";
import type { RunPlan } from "../plan/run-plan.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { driveToEnd } from "./drive-to-end.ts";

export interface DriveRunOptions {
  readonly printer: RunPrinter;
  readonly consent: (question: string) => Promise<boolean>;
  /** The model is not a real one: what the harness thinks that it cost is not shown, nor later by `logs`. */
  readonly isScripted?: boolean;
  /** Hears every event, before it is shown. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Called when the run has begun: its directory and its record exist. */
  readonly onBegin?: (run: Run) => void;
  /** Aborted before the run has begun, it does not begin. Later it has no effect. */
  readonly signal?: AbortSignal;
  /** The signals that stop the run, in place of those that a terminal sends. */
  readonly stopSignals?: readonly NodeJS.Signals[];
}

/** Takes a run from its plan to its end, shows it, and hears Ctrl-C on the way. */
export async function driveRun(plan: RunPlan, options: DriveRunOptions): Promise<RunResult> {
  const { printer, consent, isScripted = false, signal, onBegin, onEvent, stopSignals } = options;
  if (isScripted) printer.hideCost();
  const result = await driveToEnd({
    ...{ printer, onBegin, onEvent, stopSignals },
    begin: async (interrupted) => {
      for (const warning of plan.warnings) printer.warn(warning);
      const either = AbortSignal.any([interrupted, ...(signal === undefined ? [] : [signal])]);
      await plan.setUp({ consent, onProgress: (message) => printer.note(message), signal: either });
      if (signal?.aborted) throw new SandboxAbortedError("Cancelled");
      return run(plan.spec, { runId: plan.runId, signal: interrupted });
    },
  });
  if (isScripted) noteScripted(join(plan.spec.home, "runs", plan.runId));
  printer.end(result, { isScripted });
  return result;
}

const scriptedMark = "scripted";

function noteScripted(runDirectory: string): void {
  try {
    writeFileSync(join(runDirectory, scriptedMark), "");
  } catch {
    // Without the mark a replay shows a cost that nobody had; the run itself is whole.
  }
}

/** Whether a scripted model answered in the run of this directory. */
export function wasScripted(runDirectory: string): boolean {
  return existsSync(join(runDirectory, scriptedMark));
}

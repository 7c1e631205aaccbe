import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Run, type RunEvent, type RunResult, run } from "@glovebox/core";
import { SandboxAbortedError } from "@glovebox/core/provider";
import type { RunPlan } from "../plan/run-plan.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { listenForInterrupts } from "./interrupts.ts";

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
  const { printer } = options;
  if (options.isScripted) printer.hideCost();
  const before = new AbortController();
  let current: Run | undefined;
  using _ = listenForInterrupts(
    {
      first: () => {
        printer.warn("Cancelling: the files are still brought back. Once more destroys the sandbox at once.");
        before.abort();
        current?.cancel();
      },
      second: () => {
        printer.warn("Destroying the sandbox at once.");
        current?.abort();
      },
    },
    options.stopSignals,
  );
  for (const warning of plan.warnings) printer.warn(warning);
  try {
    await plan.setUp({
      consent: options.consent,
      onProgress: (message) => printer.note(message),
      signal: AbortSignal.any([before.signal, ...(options.signal === undefined ? [] : [options.signal])]),
    });
    if (options.signal?.aborted) throw new SandboxAbortedError("Cancelled");
    current = run(plan.spec, { runId: plan.runId, signal: before.signal });
  } catch (error) {
    printer.hush();
    throw error;
  }
  options.onBegin?.(current);
  await show(current, options);
  const result = await current.result;
  if (options.isScripted) noteScripted(join(plan.spec.home, "runs", plan.runId));
  printer.end(result, { isScripted: options.isScripted ?? false });
  return result;
}

/** What cannot be shown must not end the run. */
async function show(current: Run, { printer, onEvent }: DriveRunOptions): Promise<void> {
  try {
    for await (const event of current) {
      onEvent?.(event);
      await printer.event(event);
    }
  } catch (error) {
    printer.warn(`The run's events cannot be read: ${(error as Error).message}`);
  }
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

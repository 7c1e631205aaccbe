import { type Run, type RunResult, run } from "@glovebox/core";
import type { RunPlan } from "../config/resolve-run.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { ensureProviderEngine } from "./docker-engine.ts";
import { listenForInterrupts } from "./interrupts.ts";

export interface DriveRunOptions {
  readonly printer: RunPrinter;
  readonly consent: (question: string) => Promise<boolean>;
  /** The model is not a real one: what the harness thinks that it cost is not shown. */
  readonly isFree?: boolean;
}

/** Takes a run from its plan to its end, shows it, and hears Ctrl-C on the way. */
export async function driveRun(plan: RunPlan, options: DriveRunOptions): Promise<RunResult> {
  const { printer } = options;
  const before = new AbortController();
  let current: Run | undefined;
  using _ = listenForInterrupts({
    first: () => {
      printer.warn("Cancelling: the files are still brought back. Once more destroys the sandbox at once.");
      before.abort();
      current?.cancel();
    },
    second: () => {
      printer.warn("Destroying the sandbox at once.");
      current?.abort();
    },
  });
  for (const warning of plan.warnings) printer.warn(warning);
  try {
    await ensureProviderEngine(plan.spec.provider, {
      host: plan.engineHost,
      consent: options.consent,
      onProgress: (message) => printer.note(message),
      signal: before.signal,
    });
    current = run(plan.spec, { runId: plan.runId, signal: before.signal });
  } catch (error) {
    printer.hush();
    throw error;
  }
  await show(current, printer);
  const result = await current.result;
  const { costUsd, ...free } = result;
  printer.end(options.isFree ? free : result);
  return result;
}

/** What cannot be shown must not end the run. */
async function show(current: Run, printer: RunPrinter): Promise<void> {
  try {
    for await (const event of current) printer.event(event);
  } catch (error) {
    printer.warn(`The run's events cannot be read: ${(error as Error).message}`);
  }
}

import type { RunEvent, RunResult } from "@glovebox/core";
import type { RunPrinter } from "../print/run-printer.ts";
import { listenForInterrupts } from "./interrupts.ts";

/** A run under way, on this machine or on a server. */
export interface DrivenRun extends AsyncIterable<RunEvent> {
  readonly id: string;
  readonly result: Promise<RunResult>;
  /** Ends the harness, still collects, then destroys the sandbox. */
  cancel(): void;
  /** Destroys the sandbox at once. */
  abort(): void;
}

export interface DriveToEndOptions<T extends DrivenRun> {
  readonly printer: RunPrinter;
  /** Starts the run; at Ctrl-C before it has begun, the signal is aborted. */
  begin(signal: AbortSignal): Promise<T>;
  /** Hears every event, before it is shown. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called when the run has begun: its directory and its record exist. */
  readonly onBegin?: ((run: T) => void) | undefined;
  /** The signals that stop the run, in place of those that a terminal sends. */
  readonly stopSignals?: readonly NodeJS.Signals[] | undefined;
}

/** Starts a run, shows it, hears Ctrl-C on the way, and resolves to its result. */
export async function driveToEnd<T extends DrivenRun>(options: DriveToEndOptions<T>): Promise<RunResult> {
  const { printer } = options;
  const before = new AbortController();
  let current: T | undefined;
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
  try {
    current = await options.begin(before.signal);
  } catch (error) {
    printer.hush();
    throw error;
  }
  options.onBegin?.(current);
  await show(current, options);
  return await current.result;
}

/** What cannot be shown must not end the run. */
async function show(
  current: DrivenRun,
  { printer, onEvent }: Pick<DriveToEndOptions<DrivenRun>, "printer" | "onEvent">,
) {
  try {
    for await (const event of current) {
      onEvent?.(event);
      await printer.event(event);
    }
  } catch (error) {
    printer.warn(`The run's events cannot be read: ${(error as Error).message}`);
  }
}

import type { Remedy, SandboxError } from "../../errors/index.ts";
import type { RunEventBody, RunPhase } from "../../events/run-event.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { asSandboxError } from "../failure.ts";
import type { Journal } from "../journal/journal.ts";
import { retry } from "../recovery/retry.ts";

export interface RunReporterOptions {
  readonly journal: Journal;
  /** Called for every event, whether or not the journal takes it. */
  readonly onEvent: (event: RunEventBody) => void;
  /** Called when the journal takes no more: it cannot be written, or has no room left for requests. */
  readonly onBroken: (problem: SandboxError) => void;
}

export interface ProgressDetails {
  readonly done?: number | undefined;
  readonly total?: number | undefined;
  readonly output?: string | undefined;
}

const maxEqualWarnings = 3;

/** Publishes what a run does: events, phases, progress and warnings. */
export class RunReporter {
  readonly #options: RunReporterOptions;
  readonly #warned = new Map<string, number>();
  #phase: RunPhase | undefined;
  #isSilent = false;

  constructor(options: RunReporterOptions) {
    this.#options = options;
  }

  get phase(): RunPhase | undefined {
    return this.#phase;
  }

  /**
   * Publishes an event. A journal that is full still takes the run's own last events; after any other failure the run
   * continues without further events.
   */
  emit(event: RunEventBody): void {
    this.#options.onEvent(event);
    if (this.#isSilent) return;
    try {
      this.#options.journal.append(event);
    } catch (error) {
      const problem = asSandboxError(error);
      this.#isSilent = problem.code !== "quota";
      this.#options.onBroken(problem);
    }
  }

  enter(phase: RunPhase): void {
    this.emit({ type: "run.state", ...(this.#phase === undefined ? {} : { from: this.#phase }), to: phase });
    this.#phase = phase;
  }

  progress(message: string, details: ProgressDetails = {}): void {
    this.emit({ type: "run.progress", stage: this.#phase ?? "preparing", message, ...dropUndefined({ ...details }) });
  }

  /** Publishes a warning. Equal warnings are published a few times only. */
  warn(code: string, message: string, remedy?: Remedy): void {
    const key = `${code}\n${message}`;
    const times = (this.#warned.get(key) ?? 0) + 1;
    this.#warned.set(key, times);
    if (times <= maxEqualWarnings) this.emit({ type: "warning", code, message, ...(remedy && { remedy }) });
  }

  /** Repeats a provider's call when its error says that a retry may help, and reports each retry. */
  retry<T>(operation: string, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return retry(call, {
      signal,
      onRetry: (error, delayMs) =>
        this.progress(`${operation} failed (${error.message}), again in ${Math.ceil(delayMs / 1000)} s`),
    });
  }
}

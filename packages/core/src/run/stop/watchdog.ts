import type { RunEventBody } from "../../events/run-event.ts";
import type { CancellationController, StopReason } from "./cancellation-controller.ts";

/** The share of one processor that counts as activity: less is what an idle program's timers use. */
const busyShare = 0.1;

/** A run without activity for this long is reported as stalled; sooner where the idle time is short. */
const longestStallMs = 120_000;
const stallShareOfIdle = 1 / 4;
const longestPatrolMs = 15_000;

/**
 * Stops a run that takes too long, or that has shown no activity for too long, and reports well before that when it stalls.
 * Signs are reported with `touch`; processor time is requested only when the others have been silent for half of the time
 * after which the run has stalled.
 */
export class Watchdog {
  readonly #switch: CancellationController;
  readonly #idleTimeoutMs: number;
  readonly #stallMs: number;
  readonly #emit: (event: RunEventBody) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #patrol: NodeJS.Timeout;
  #grace: NodeJS.Timeout | undefined;
  #lastSign = performance.now();
  #stalledSince: number | undefined;
  #lastStats: { readonly cpuMs: number; readonly at: number } | undefined;
  #cpuMs: (() => Promise<number>) | undefined;
  #isWatching = false;
  #isAsking = false;

  constructor(options: {
    readonly cancellation: CancellationController;
    readonly timeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly emit: (event: RunEventBody) => void;
  }) {
    this.#switch = options.cancellation;
    this.#idleTimeoutMs = options.idleTimeoutMs;
    this.#stallMs = Math.min(longestStallMs, options.idleTimeoutMs * stallShareOfIdle);
    this.#emit = options.emit;
    this.#deadline = setTimeout(
      () => this.#stop(`The run took longer than ${inWords(options.timeoutMs)}`, "timeoutMs"),
      options.timeoutMs,
    );
    this.#patrol = setInterval(() => this.#look(), Math.max(50, Math.min(this.#stallMs / 4, longestPatrolMs)));
  }

  touch(): void {
    const now = performance.now();
    const since = this.#stalledSince;
    this.#lastSign = now;
    if (since === undefined) return;
    this.#stalledSince = undefined;
    this.#emit({ type: "run.stalled", state: "end", silentMs: Math.round(now - since) });
  }

  /** From here on silence counts. `cpuMs` resolves to the processor time that the sandbox has used, in milliseconds. */
  watch(cpuMs?: () => Promise<number>): void {
    this.touch();
    this.#cpuMs = cpuMs;
    this.#isWatching = true;
  }

  /** Gives the run so long to end by itself. The first call counts. */
  stopWithin(graceMs: number, reason: StopReason): void {
    this.#grace ??= setTimeout(() => this.#switch.stop(reason), graceMs);
  }

  /** From here on silence does not count. */
  rest(): void {
    this.#isWatching = false;
    this.touch();
  }

  dispose(): void {
    this.rest();
    clearTimeout(this.#deadline);
    clearInterval(this.#patrol);
    clearTimeout(this.#grace);
  }

  #look(): void {
    if (!this.#isWatching) return;
    const silentMs = performance.now() - this.#lastSign;
    if (silentMs >= this.#idleTimeoutMs) {
      this.#stop(`No activity for ${inWords(this.#idleTimeoutMs)}`, "idleTimeoutMs");
      return;
    }
    if (silentMs >= this.#stallMs) this.#stall(silentMs);
    if (silentMs >= this.#stallMs / 2) void this.#readProcessorTime();
    else this.#lastStats = undefined;
  }

  #stall(silentMs: number): void {
    if (this.#stalledSince !== undefined) return;
    this.#stalledSince = this.#lastSign;
    const stopsInMs = Math.round(this.#idleTimeoutMs - silentMs);
    this.#emit({ type: "run.stalled", state: "begin", silentMs: Math.round(silentMs), stopsInMs });
  }

  async #readProcessorTime(): Promise<void> {
    if (this.#cpuMs === undefined || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const cpuMs = await this.#cpuMs();
      const at = performance.now();
      const last = this.#lastStats;
      this.#lastStats = { cpuMs, at };
      if (last !== undefined && cpuMs - last.cpuMs > (at - last.at) * busyShare) this.touch();
    } catch {
      // A sandbox that does not answer shows no activity; the patrol keeps counting.
    } finally {
      this.#isAsking = false;
    }
  }

  #stop(message: string, setting: "timeoutMs" | "idleTimeoutMs"): void {
    this.#switch.stop({ kind: "timed-out", message, setting });
  }
}

function inWords(durationMs: number): string {
  if (durationMs < 1000) return `${durationMs} ms`;
  const seconds = Math.round(durationMs / 1000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

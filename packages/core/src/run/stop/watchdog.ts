import type { SandboxStats } from "../../provider/sandbox.ts";
import type { CancellationController, StopReason } from "./cancellation-controller.ts";

/** The share of one processor that counts as activity: less is what an idle program's timers use. */
const busyShare = 0.1;

/**
 * Stops a run that takes too long, or that has shown no activity for too long. Signs are reported with `touch`;
 * processor time is asked for only when the others have been silent for half of the idle time.
 */
export class Watchdog {
  readonly #switch: CancellationController;
  readonly #idleTimeoutMs: number;
  readonly #deadline: NodeJS.Timeout;
  readonly #patrol: NodeJS.Timeout;
  #grace: NodeJS.Timeout | undefined;
  #lastSign = performance.now();
  #lastStats: { readonly cpuMs: number; readonly at: number } | undefined;
  #stats: (() => Promise<SandboxStats>) | undefined;
  #isWatching = false;
  #isAsking = false;

  constructor(options: {
    readonly cancellation: CancellationController;
    readonly timeoutMs: number;
    readonly idleTimeoutMs: number;
  }) {
    this.#switch = options.cancellation;
    this.#idleTimeoutMs = options.idleTimeoutMs;
    this.#deadline = setTimeout(
      () => this.#stop(`The run took longer than ${inWords(options.timeoutMs)}`, "timeoutMs"),
      options.timeoutMs,
    );
    this.#patrol = setInterval(() => this.#look(), Math.max(50, Math.min(options.idleTimeoutMs / 10, 15_000)));
  }

  touch(): void {
    this.#lastSign = performance.now();
  }

  /** From here on silence counts. Processor time is asked for by `stats`, where the provider can tell. */
  watch(stats?: () => Promise<SandboxStats>): void {
    this.touch();
    this.#stats = stats;
    this.#isWatching = true;
  }

  /** Gives the run so long to end by itself. The first call counts. */
  stopWithin(graceMs: number, reason: StopReason): void {
    this.#grace ??= setTimeout(() => this.#switch.stop(reason), graceMs);
  }

  /** From here on silence does not count. */
  rest(): void {
    this.#isWatching = false;
  }

  dispose(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#patrol);
    clearTimeout(this.#grace);
  }

  #look(): void {
    if (!this.#isWatching) return;
    const silentMs = performance.now() - this.#lastSign;
    if (silentMs >= this.#idleTimeoutMs) {
      this.#stop(`No activity for ${inWords(this.#idleTimeoutMs)}`, "idleTimeoutMs");
    } else if (silentMs >= this.#idleTimeoutMs / 2) void this.#askForProcessorTime();
    else this.#lastStats = undefined;
  }

  async #askForProcessorTime(): Promise<void> {
    if (this.#stats === undefined || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const { cpuMs } = await this.#stats();
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

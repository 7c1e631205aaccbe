import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../bounds/within.ts";
import { SandboxError } from "../../errors/index.ts";
import type { RunEventBody } from "../../events/run-event.ts";
import type { Harness, HarnessLine } from "../../harness/harness.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { OutputChunk, ProcessExit, SandboxProcess } from "../../provider/sandbox-process.ts";
import type { CancellationController } from "../stop/cancellation-controller.ts";
import { StopLevels } from "../stop/stop-levels.ts";
import { LineSplitter } from "./line-splitter.ts";

export interface HarnessSessionOptions {
  readonly harness: Harness;
  readonly cancellation: CancellationController;
  readonly completionTimeoutMs: number;
  readonly emit: (event: RunEventBody) => void;
  /** Called at any activity. */
  readonly touch: () => void;
  /** Gives a new handle on the same sandbox after its connection broke, or throws. */
  readonly reconnect: () => Promise<Sandbox>;
  /** Whether the sandbox may still live although it cannot be reached: its lease has not ended. */
  readonly mayLive: () => boolean;
}

const stderrTailLength = 4096;
/** A process whose output has ended has ended too. */
const exitTimeoutMs = 30_000;
const reattachAttempts = 3;
/** How long a sandbox that cannot be reached is tested again, as long as its lease allows. */
const reattachMs = 2 * 60_000;
const firstDelayMs = 1000;
const longestDelayMs = 15_000;
const lost: ProcessExit = { exitCode: null, reason: "lost" };

/** A harness that runs: its lines across broken connections, its input, and its end. */
export class HarnessSession {
  readonly stop: StopLevels;
  stderrTail = "";
  #process: SandboxProcess;
  readonly #options: HarnessSessionOptions;
  #completion: NodeJS.Timeout | undefined;
  /** Since it has reported its result: when it is killed, whatever it prints. */
  #lastMoment: number | undefined;
  #isReconnecting = false;
  #offset = 0;

  constructor(process: SandboxProcess, options: HarnessSessionOptions) {
    this.#process = process;
    this.#options = options;
    this.stop = new StopLevels({
      ask: async () => options.harness.interrupt(this.#process),
      kill: () => this.#process.kill(),
      // Collecting ends every process once more, and destroying ends the sandbox.
      onKillFailed: (error) => this.#warn("kill-failed", (error as Error).message),
    });
  }

  /** The harness's lines, across broken connections as far as the sandbox can be reached again. */
  async *lines(): AsyncGenerator<HarnessLine, void> {
    const splitters = { stdout: new LineSplitter("stdout"), stderr: new LineSplitter("stderr") };
    for (let failures = 0; ; ) {
      try {
        for await (const chunk of this.#process.output) {
          if (this.stop.left.aborted) return;
          if ("reconnecting" in chunk) {
            this.#warnReconnecting();
            continue;
          }
          failures = 0;
          yield* this.#take(chunk, splitters);
        }
        break;
      } catch (error) {
        failures += 1;
        if (!(await this.#reattach(error, failures))) break;
      }
    }
    yield* this.#keep([...splitters.stdout.end(), ...splitters.stderr.end()]);
  }

  exit(): Promise<ProcessExit> {
    const bound = { operation: "the harness ends", timeoutMs: exitTimeoutMs, signal: this.stop.left, undoMs: 0 };
    return within(bound, () => this.#process.exit).catch(() => lost);
  }

  write(text: string): Promise<void> {
    return this.#process.write(Buffer.from(text));
  }

  closeInput(): Promise<void> {
    return this.#process.closeInput();
  }

  /**
   * The harness has reported its final result: it gets a bounded time to end, counted again from each output that is no
   * heartbeat, and six times that in all.
   */
  completing(): void {
    const { completionTimeoutMs } = this.#options;
    this.#lastMoment ??= Date.now() + 6 * completionTimeoutMs;
    clearTimeout(this.#completion);
    this.#completion = setTimeout(
      () => {
        this.#warn(
          "harness-hung",
          "The harness did not exit after reporting its result; it was stopped and the result kept",
        );
        this.stop.kill();
      },
      Math.min(completionTimeoutMs, this.#lastMoment - Date.now()),
    );
  }

  async kill(): Promise<void> {
    await this.#process.kill().catch(() => {
      // As for a stop: what is left of it ends with the sandbox.
    });
  }

  dispose(): void {
    clearTimeout(this.#completion);
    this.stop.dispose();
  }

  *#take(chunk: OutputChunk, splitters: Record<"stdout" | "stderr", LineSplitter>): Generator<HarnessLine> {
    const lines = "bytes" in chunk ? splitters[chunk.stream].push(chunk.bytes) : [];
    const isActive = !this.#areHeartbeats(lines);
    if (isActive) this.#options.touch();
    this.#isReconnecting = false;
    if ("gap" in chunk) {
      this.#offset = chunk.offset + chunk.gap;
      this.#warn("output-lost", `${chunk.gap} bytes of the harness's output were missed`);
    } else if ("bytes" in chunk) {
      this.#offset = chunk.offset + chunk.bytes.length;
      if (this.#lastMoment !== undefined && isActive) this.completing();
      yield* this.#keep(lines);
    }
  }

  /** A part of a line may be anything. */
  #areHeartbeats(lines: readonly HarnessLine[]): boolean {
    const { harness } = this.#options;
    return lines.length > 0 && lines.every((line) => harness.isHeartbeat?.(line) ?? false);
  }

  *#keep(lines: readonly HarnessLine[]): Generator<HarnessLine> {
    for (const line of lines) {
      if (line.stream === "stderr") this.stderrTail = `${this.stderrTail}${line.line}\n`.slice(-stderrTailLength);
      yield line;
    }
  }

  /** Whether reading can continue where it broke off. */
  async #reattach(error: unknown, failures: number): Promise<boolean> {
    const { reconnect, mayLive, cancellation } = this.#options;
    const isLost = SandboxError.isInstance(error) && error.code === "lost";
    if (!isLost || failures > reattachAttempts || cancellation.stopping.aborted || this.stop.left.aborted) return false;
    this.#warnReconnecting();
    const signal = AbortSignal.any([cancellation.stopping, this.stop.left]);
    const until = performance.now() + reattachMs;
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      try {
        const sandbox = await reconnect();
        this.#process = await sandbox.attach(this.#process.id, this.#offset, { signal });
        return true;
      } catch (reason) {
        if (signal.aborted) return false;
        if (!mayPass(reason) || !mayLive() || performance.now() > until) {
          this.#warn("reconnect-failed", (reason as Error).message);
          return false;
        }
      }
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Once for each break: a sandbox may have tried to connect again before its process failed. */
  #warnReconnecting(): void {
    if (this.#isReconnecting) return;
    this.#isReconnecting = true;
    this.#warn("reconnecting", "The connection to the sandbox broke; connecting again");
  }

  /** One that was left says nothing any more. */
  #warn(code: string, message: string): void {
    if (!this.stop.left.aborted) this.#options.emit({ type: "warning", code, message });
  }
}

/** Whether a failure to connect says nothing of the sandbox: a network, an engine or a service that is away for a while. */
function mayPass(error: unknown): boolean {
  if (!SandboxError.isInstance(error)) return false;
  return error.retryable || error.code === "lost" || error.code === "timeout";
}

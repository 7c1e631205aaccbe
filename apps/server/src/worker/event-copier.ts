import { setTimeout as sleep } from "node:timers/promises";
import type { Run as CoreRun, RunEvent } from "@glovebox/core";
import { stallBegin } from "@glovebox/core";
import type { Run, RunProgress, Store } from "@glovebox/store";
import { persist } from "./persist.ts";

const flushMs = 50;
const mostPerWrite = 500;
/** The journal has them: memory stays bounded while the database is away. */
const mostPending = 5_000;

type RunEnd = Extract<RunEvent, { type: "run.end" }>;

/** Copies the events of a run's journal to the store, and what they say of its progress. */
export class EventCopier {
  readonly #store: Store;
  readonly #run: Pick<Run, "id" | "epoch">;
  readonly #signal: AbortSignal;
  readonly #pending: RunEvent[] = [];
  #costUsd = 0;
  #hasEnded = false;
  #last: RunEnd | undefined;

  /** Aborting the signal ends the copying. */
  constructor(store: Store, run: Pick<Run, "id" | "epoch">, signal: AbortSignal) {
    this.#store = store;
    this.#run = run;
    this.#signal = signal;
  }

  /** Resolves to the run's last event, which is not copied: it goes to the store with the run's files. */
  async copy(events: CoreRun | AsyncIterable<RunEvent>, afterSeq = 0): Promise<RunEnd | undefined> {
    const writing = this.#write();
    try {
      for await (const event of events) {
        if (this.#signal.aborted) break;
        if (event.type === "run.end") this.#last = event;
        else if (event.seq > afterSeq) this.#pending.push(event);
        while (this.#pending.length >= mostPending && !this.#signal.aborted) await sleep(flushMs);
      }
    } finally {
      this.#hasEnded = true;
    }
    await writing;
    return this.#last;
  }

  async #write(): Promise<void> {
    while (!this.#signal.aborted) {
      const events = this.#pending.slice(0, mostPerWrite);
      if (events.length === 0) {
        if (this.#hasEnded) return;
        await sleep(flushMs);
        continue;
      }
      await persist(() => this.#store.events.append(this.#run.id, this.#run.epoch, events), this.#signal);
      this.#pending.splice(0, events.length);
      const progress = this.#progressOf(events);
      if (Object.keys(progress).length === 0) continue;
      await persist(() => this.#store.queue.progress(this.#run.id, this.#run.epoch, progress), this.#signal);
    }
  }

  #progressOf(events: readonly RunEvent[]): RunProgress {
    const progress: { -readonly [K in keyof RunProgress]: RunProgress[K] } = {};
    for (const event of events) {
      if (event.type === "run.state") progress.phase = event.to;
      if (event.type === "sandbox.created") progress.sandboxId = event.sandboxId;
      if (event.type === "run.stalled") progress.stalledSince = stallBegin(event) ?? null;
      if (event.type === "usage" && event.source === "gateway" && event.costUsd !== undefined) {
        this.#costUsd += event.costUsd;
        progress.costUsd = this.#costUsd;
      }
    }
    return progress;
  }
}

import { safeJson } from "@glovebox/core/text";
import type { RunEventRecord, Store } from "@glovebox/store";

/** An event with its JSON, which is made once for all followers. */
export interface FeedEvent {
  readonly seq: number;
  readonly type: string;
  readonly json: string;
}

/** What is kept of the newest events for followers who keep up. Others read from the store. */
const keptBytes = 4 * 1024 * 1024;
const keptEvents = 5_000;

/** Returns an event as followers get it. */
export function feedEvent({ seq, event }: RunEventRecord): FeedEvent {
  return { seq, type: event.type, json: safeJson(event) };
}

/** The newest events of a run that is followed: read from the store once, however many follow it. */
export class RunFeed {
  readonly #ending = new AbortController();
  readonly #events: FeedEvent[] = [];
  #bytes = 0;
  /** The number of the last event before those that are kept. */
  #start: number;
  #changed: Promise<void>;
  #resolveChange: () => void = () => {};
  #hasEnded = false;
  #failure: Error | undefined;

  constructor(store: Store, runId: string, afterSeq: number) {
    this.#start = afterSeq;
    this.#changed = this.#nextChange();
    void this.#read(store, runId, afterSeq);
  }

  /** Whether every event of the run is known. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether the store could not be read. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves at the next change. To be called before `after`. */
  changed(): Promise<void> {
    return this.#changed;
  }

  /** The kept events that follow a number; `undefined` if some that follow it are not kept. Throws if the store could not be read. */
  after(seq: number): readonly FeedEvent[] | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (seq < this.#start) return undefined;
    return this.#events.slice(Math.max(0, this.#events.findLastIndex((event) => event.seq <= seq) + 1));
  }

  close(): void {
    this.#ending.abort();
    this.#notify();
  }

  async #read(store: Store, runId: string, afterSeq: number): Promise<void> {
    try {
      for await (const record of store.events.follow(runId, afterSeq, this.#ending.signal))
        this.#keep(feedEvent(record));
      this.#hasEnded = true;
    } catch (error) {
      this.#failure = error as Error;
    }
    this.#notify();
  }

  #keep(event: FeedEvent): void {
    this.#events.push(event);
    this.#bytes += event.json.length;
    while (this.#events.length > 1 && (this.#bytes > keptBytes || this.#events.length > keptEvents)) {
      const oldest = this.#events.shift();
      this.#bytes -= oldest?.json.length ?? 0;
      this.#start = oldest?.seq ?? this.#start;
    }
    this.#notify();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolveChange = resolve;
    });
  }

  #notify(): void {
    this.#resolveChange();
    this.#changed = this.#nextChange();
  }
}

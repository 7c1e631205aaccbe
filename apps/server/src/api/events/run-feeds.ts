import type { Store } from "@glovebox/store";
import { type FeedEvent, feedEvent, RunFeed } from "./run-feed.ts";

/** As many events go to a follower at once. */
const pageLength = 200;

/** The feeds of the runs that are followed at present. */
export class RunFeeds {
  readonly #store: Store;
  readonly #feeds = new Map<string, { readonly feed: RunFeed; followers: number }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The events of a run after a number, in pages, to its end. Ends early when the signal is aborted. */
  async *follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    const aborted = whenAborted(signal);
    const feed = await this.#open(runId);
    try {
      for (let after = afterSeq; !signal.aborted; ) {
        const changed = feed.changed();
        const page = (feed.after(after) ?? (await this.#stored(runId, after))).slice(0, pageLength);
        const last = page.at(-1);
        if (last !== undefined) {
          after = last.seq;
          yield page;
        } else if (feed.hasEnded) return;
        else await Promise.race([changed, aborted]);
      }
    } finally {
      this.#leave(runId, feed);
    }
  }

  /** The events that are stored by now, in pages. */
  async *stored(runId: string, afterSeq: number): AsyncGenerator<readonly FeedEvent[], void> {
    for (let after = afterSeq; ; ) {
      const page = await this.#stored(runId, after);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.seq;
      yield page;
    }
  }

  async #stored(runId: string, after: number): Promise<readonly FeedEvent[]> {
    return (await this.#store.events.read(runId, after, pageLength)).map(feedEvent);
  }

  async #open(runId: string): Promise<RunFeed> {
    const lastSeq = this.#feeds.has(runId) ? 0 : ((await this.#store.runs.get(runId))?.lastEventSeq ?? 0);
    // Another follower may have opened it meanwhile.
    const existing = this.#feeds.get(runId);
    if (existing !== undefined && !existing.feed.hasFailed) {
      existing.followers += 1;
      return existing.feed;
    }
    const feed = new RunFeed(this.#store, runId, lastSeq);
    this.#feeds.set(runId, { feed, followers: 1 });
    return feed;
  }

  #leave(runId: string, feed: RunFeed): void {
    const entry = this.#feeds.get(runId);
    if (entry?.feed !== feed) return;
    entry.followers -= 1;
    if (entry.followers > 0) return;
    this.#feeds.delete(runId);
    feed.close();
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

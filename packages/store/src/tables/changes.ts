import type { Channel, Engine } from "../engine/engine.ts";

/** Waits for what happens to one thing. */
export interface Watch {
  /** Resolves with the next change after this call. */
  next(): Promise<void>;
  close(): void;
}

/** Wakes whoever waits for a change of one thing, by the notifications of a channel. */
export class Changes {
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(engine: Engine, channel: Channel) {
    engine.listen(channel, (id) => {
      const woken = id === undefined ? [...this.#waiting.values()] : [this.#waiting.get(id) ?? new Set<() => void>()];
      for (const wakers of woken) for (const wake of wakers) wake();
    });
  }

  watch(id: string): Watch {
    let wake = (): void => {};
    const onChange = (): void => wake();
    const wakers = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, wakers.add(onChange));
    return {
      next: () =>
        new Promise((resolve) => {
          wake = resolve;
        }),
      close: () => {
        wakers.delete(onChange);
        if (wakers.size === 0) this.#waiting.delete(id);
      },
    };
  }
}

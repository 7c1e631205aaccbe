import { ApiError } from "../api-error.ts";

/** Everything that a gateway does beside or for its requests, so that closing it can end all of it and wait for the end. */
export class PendingWork {
  readonly #tasks = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  /** Aborted when the gateway closes. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Runs a task that {@link close} waits for. Rejects with an {@link ApiError} of 503 once the gateway closes. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.closing.aborted) throw new ApiError(503, "The gateway is closing");
    const running = task();
    this.#tasks.add(running);
    try {
      return await running;
    } catch (error) {
      // Aborted work fails with whatever its step makes of the abort.
      if (this.closing.aborted && !(error instanceof ApiError)) {
        throw new ApiError(503, "The gateway is closing", { cause: error });
      }
      throw error;
    } finally {
      this.#tasks.delete(running);
    }
  }

  /** Starts a task that nobody waits for but {@link close}. A failure is given to `onError`, unless the gateway closes. */
  start(task: () => Promise<unknown>, onError: (error: unknown) => void): void {
    this.run(task).catch((error) => {
      if (!this.closing.aborted) onError(error);
    });
  }

  /** Refuses new tasks, aborts those that run, and resolves once all of them have settled. */
  async close(): Promise<void> {
    this.#closing.abort();
    while (this.#tasks.size > 0) await Promise.allSettled(this.#tasks);
  }
}

import type { Duplex } from "node:stream";
import type { InnerTarget } from "./proxy/read-request.ts";

/** A byte stream on which HTTP requests arrive, with what the handler must remember between them. */
export class Connection {
  readonly #socket: Duplex;
  /** The host that its tunnel leads to; undefined where the sandbox talks to the gateway itself. */
  readonly target: InnerTarget | undefined;
  /** Requests that have no complete response yet. */
  pendingRequests = 0;
  /** Runs while there is no request: until the first one arrives, and between two. */
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Duplex, target?: InnerTarget) {
    this.#socket = socket;
    this.target = target;
    socket.once("close", () => this.stopTimer());
  }

  /** Destroys the stream unless a request arrives in time. */
  startTimer(timeoutMs: number): void {
    this.stopTimer();
    if (this.#socket.destroyed) return;
    this.#timer = setTimeout(() => this.#socket.destroy(), timeoutMs);
  }

  stopTimer(): void {
    clearTimeout(this.#timer);
  }
}

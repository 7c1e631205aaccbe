import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConnectFailure } from "./connect-failure.ts";
import { endFrame, messageFrame } from "./frame.ts";

const defaultKeepAliveSeconds = 90;

export interface ServerStreamOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The message that keeps a silent stream alive; none for streams that have no such message. */
  readonly keepAlive: string;
}

/** The answer to a call that streams. */
export class ServerStream {
  /** Settles when the stream has ended, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #response: ServerResponse;
  readonly #keepAlive: string;
  readonly #keepAliveMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ request, response, keepAlive }: ServerStreamOptions) {
    this.#response = response;
    this.#keepAlive = keepAlive;
    const seconds = Number(request.headers["keepalive-ping-interval"] ?? defaultKeepAliveSeconds);
    this.#keepAliveMs = (seconds > 0 && seconds < 86_400 ? seconds : defaultKeepAliveSeconds) * 1_000;
    this.closed = new Promise((resolve) => {
      response.once("close", () => {
        clearTimeout(this.#timer);
        resolve();
      });
    });
    response.writeHead(200, { "content-type": "application/connect+json" });
  }

  get open(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  send(json: string): boolean {
    return this.sendFrame(messageFrame(json));
  }

  /** False when the client is slow: what comes next is better held back until `drained`. */
  sendFrame(bytes: Buffer): boolean {
    if (!this.open) return true;
    const taken = this.#response.write(bytes);
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#sendKeepAlive(), this.#keepAliveMs);
    else this.#timer.refresh();
    return taken;
  }

  /** Resolves when the client has taken what waits, or is gone. */
  async drained(): Promise<void> {
    if (!this.open || !this.#response.writableNeedDrain) return;
    await Promise.race([this.closed, new Promise<void>((resolve) => this.#response.once("drain", resolve))]);
  }

  end(failure?: ConnectFailure): void {
    clearTimeout(this.#timer);
    if (this.open) this.#response.end(endFrame(failure));
  }

  #sendKeepAlive(): void {
    // A client that does not read needs no keep-alive, and they would pile up.
    if (this.#response.writableNeedDrain) this.#timer?.refresh();
    else this.send(this.#keepAlive);
  }
}

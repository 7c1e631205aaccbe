import type { Duplex } from "node:stream";
import type { CallOptions } from "./call-options.ts";

/**
 * A way from this host to one TCP port inside, open until it or its sandbox's handle is closed. While nothing listens
 * inside, a connection is refused or closed without a byte.
 */
export interface SandboxEndpoint {
  /**
   * A new connection to the port, in this process: any protocol over TCP, and nobody else can use it. It half-closes.
   * Rejects with `not-found` while nothing listens inside.
   */
  connect(options?: CallOptions): Promise<Duplex>;
  /**
   * `http://127.0.0.1:49152`, for HTTP and what begins as a request of HTTP, such as WebSockets. Where the scheme is `http`
   * and the host is loopback, every user and every web page of this host can reach it: `headers` is what keeps them out.
   */
  readonly url: string;
  /**
   * What every request must carry; a connection whose first request lacks it reaches nothing. A secret: it goes into no log
   * and no page.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends every connection through it. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

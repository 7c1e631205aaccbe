/**
 * A way from this host to one TCP port inside, open until it or its sandbox's handle is closed. While nothing listens
 * inside, a connection is closed without a byte. Whoever reaches `url` reaches the port: on a loopback address that is
 * every program on this host.
 */
export interface SandboxEndpoint {
  /** `http://127.0.0.1:49152`. Its host and port take any protocol over TCP, WebSockets too, where the scheme is `http`. */
  readonly url: string;
  /** What every request must carry; often nothing. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends every connection through it. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

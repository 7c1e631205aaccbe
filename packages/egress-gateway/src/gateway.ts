import type { Duplex } from "node:stream";
import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";

/** Bounds of what a sandbox may ask of the gateway. */
export interface GatewayLimits {
  /** The largest body of a request, in bytes. 64 MiB unless given. */
  readonly requestBytes?: number;
  /** Requests in flight at once. 64 unless given. */
  readonly concurrentRequests?: number;
  /** For the headers of a request to arrive. 30 seconds unless given. */
  readonly headersTimeoutMs?: number;
  /** For a request or a response to make progress. 10 minutes unless given. */
  readonly idleTimeoutMs?: number;
}

export interface GatewayOptions {
  readonly policy: EgressPolicy;
  readonly observer?: EgressObserver;
  readonly limits?: GatewayLimits;
  /** Where HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS are read. The process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The way out of one sandbox. It listens nowhere: byte streams from inside are handed to it. */
export interface Gateway {
  /** Serves HTTP/1.1 on a byte stream that comes from inside the sandbox. */
  handle(socket: Duplex): void;
  /** The address of each model route, given the origin (`http://127.0.0.1:1234`) that the sandbox sees the gateway at. */
  modelUrls(origin: string): Readonly<Record<string, string>>;
  /** Ends everything in flight, then resolves. Idempotent. */
  close(): Promise<void>;
}

/** Makes the way out of one sandbox. Does no I/O. */
export function createGateway(_options: GatewayOptions): Gateway {
  throw new Error("not there yet");
}

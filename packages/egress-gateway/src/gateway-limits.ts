/** Bounds of what a sandbox may request from the gateway. */
export interface GatewayLimits {
  /** The largest body of a request to a model, in bytes. Default: 64 MiB. Other requests have no such bound. */
  readonly requestBytes?: number;
  /** Requests in flight at once. Default: 256. */
  readonly concurrentRequests?: number;
  /** Byte streams open at once. Default: 512. */
  readonly connections?: number;
  /** For the headers of a connection's first request, and for the TLS hello of a tunnel, to arrive. Default: 30 seconds. */
  readonly headersTimeoutMs?: number;
  /** For a request, a response, a tunnel or a WebSocket to make progress. Default: 10 minutes. */
  readonly idleTimeoutMs?: number;
  /** For a connection to a host to be established, its name resolved. Default: 30 seconds. */
  readonly connectTimeoutMs?: number;
}

export const defaultLimits: Required<GatewayLimits> = {
  requestBytes: 64 * 1024 * 1024,
  concurrentRequests: 256,
  connections: 512,
  headersTimeoutMs: 30_000,
  idleTimeoutMs: 600_000,
  connectTimeoutMs: 30_000,
};

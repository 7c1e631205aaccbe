/** Bounds of what a sandbox may ask of the gateway. */
export interface GatewayLimits {
  /** The largest body of a request to a model, in bytes. 64 MiB unless given. Other requests have no such bound. */
  readonly requestBytes?: number;
  /** Requests in flight at once. 256 unless given. */
  readonly concurrentRequests?: number;
  /** Byte streams open at once. 512 unless given. */
  readonly connections?: number;
  /** For the headers of a connection's first request, and for the TLS hello of a tunnel, to arrive. 30 seconds unless given. */
  readonly headersTimeoutMs?: number;
  /** For a request, a response, a tunnel or a WebSocket to make progress. 10 minutes unless given. */
  readonly idleTimeoutMs?: number;
  /** For a connection to a host to be there, its name resolved. 30 seconds unless given. */
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

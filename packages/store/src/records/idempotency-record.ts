/** The response to a request that carried an `Idempotency-Key`. */
export interface IdempotencyRecord {
  readonly userId: string;
  readonly key: string;
  readonly requestHash: string;
  /** The HTTP status of the response. Absent while the request is served. */
  readonly status?: number;
  readonly body?: unknown;
  readonly expiresAt: Date;
}

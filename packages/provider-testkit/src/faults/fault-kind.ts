/** What the proxy does to one call. */
export type FaultKind =
  /** The connection ends before the vendor has seen the request. */
  | "cut-before"
  /** The connection ends while the vendor is at it, and the vendor carries on. */
  | "cut-during"
  /** The vendor has done it, and the connection ends before the answer; of a stream, with its first byte. */
  | "cut-after"
  /** The connection ends in the middle of the answer; of a stream, in the middle of what a whole run moves over it. */
  | "half"
  /** Nothing comes back; of a stream, from its middle on. */
  | "stall"
  /** Everything comes, in small pieces and with pauses. */
  | "slow"
  /** 429 with `Retry-After: 1`, and the vendor has not seen the request. */
  | "rate-limited"
  /** 401, and the vendor has not seen the request. */
  | "unauthorized"
  /** 500, and the vendor has not seen the request. */
  | "server-error";

export const faultKinds: readonly FaultKind[] = [
  "cut-before",
  "cut-during",
  "cut-after",
  "half",
  "stall",
  "slow",
  "rate-limited",
  "unauthorized",
  "server-error",
];

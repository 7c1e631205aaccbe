/**
 * A limit of cost that several sandboxes share, as their gateways use it. `budget({ usd })` in `@glovebox/core` makes one.
 *
 * A request is any object that stands for one request to a model, from before it leaves until its response has ended.
 */
export interface CostBudget {
  /** What all requests may cost together, in US dollars. */
  readonly maxCostUsd: number;
  /** What requests that have ended did cost, in US dollars. */
  readonly spentUsd: number;
  /** Whether what is left is too little for any request that is to be expected: a new run would be refused. */
  readonly isSpent: boolean;
  /**
   * Reserves the most that a request can cost, and waits while requests in flight hold what it needs. Resolves to false when
   * it does not fit into what is left. Rejects with the signal's reason.
   */
  admit(request: object, mostUsd: number, signal: AbortSignal): Promise<boolean>;
  /** Replaces a reservation, when more is known about the cost. False when it does not fit: then the request must stop. */
  reserve(request: object, mostUsd: number): boolean;
  /** Ends a request that has cost this; without an amount, what is reserved for it counts as spent. Idempotent. */
  reconcile(request: object, costUsd?: number): void;
}

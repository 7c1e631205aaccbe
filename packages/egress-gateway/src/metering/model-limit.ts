/** What a request is expected to cost, before its response reports it. */
export interface ExpectedCost {
  readonly expectedUsd: number;
  /** The most that it may cost before its output begins to pass, where it can be cut. */
  readonly mostUsd: number;
  /** The most that it may cost in all, with every token of output that it asks for. */
  readonly worstUsd: number;
}

/** A limit of cost that a request has to pass: the one of its sandbox, or a budget that sandboxes share. */
export interface ModelLimit {
  /** What the sandbox reads when the limit is spent. */
  readonly spentMessage: string;
  /** Waits until a request may start. False when it does not fit. Rejects with the signal. */
  admit(request: object, cost: ExpectedCost, signal: AbortSignal): Promise<boolean>;
  /** What a request has cost so far, and what it may still come to. False when that exceeds the limit: then it must stop. */
  reserve(request: object, costUsd: number, worstUsd: number): boolean;
  /** From here on the response reports what the request costs. */
  know(request: object): void;
  /** The request has ended and has cost this; without an amount, what is reserved for it counts. */
  reconcile(request: object, costUsd?: number): void;
  /** The request was refused or cut. */
  exceed(request: object): void;
}

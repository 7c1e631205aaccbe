/** What every asynchronous call of the contract accepts. */
export interface CallOptions {
  /** Ends the call. What the call had started is undone before it rejects with `aborted`. */
  readonly signal?: AbortSignal;
}

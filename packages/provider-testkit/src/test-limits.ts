/** Sizes and times of the cases. A provider that is slow or paid by the byte may lower them; the report says so. */
export interface TestLimits {
  /** The largest file that is written and read back, in bytes. */
  readonly largeFileBytes: number;
  /** What one process writes to a slow reader, in bytes. */
  readonly outputBytes: number;
  /** Processes that run at the same time in one sandbox. */
  readonly concurrentProcesses: number;
  /** Sandboxes that exist at the same time, so that a list has more than one page. */
  readonly listedSandboxes: number;
  /** How many calls of a run each kind of fault hits: spread over the run, and other ones for each kind. Default: every call. */
  readonly faultedCalls: number;
  /** A lease that cases wait for the end of, in milliseconds. Shorter is quicker; the provider must grant it. */
  readonly leaseMs: number;
  /** Multiplies every case's time-out. */
  readonly timeFactor: number;
}

/** The sizes that the conformance suite tests by default. */
export const defaultTestLimits: TestLimits = {
  largeFileBytes: 1024 ** 3,
  outputBytes: 100_000_000,
  concurrentProcesses: 50,
  listedSandboxes: 12,
  faultedCalls: 1000,
  leaseMs: 5000,
  timeFactor: 1,
};

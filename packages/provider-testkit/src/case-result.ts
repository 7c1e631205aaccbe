/** What came of a case. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** `unsupported`: the provider does not claim it. `skipped`: whoever ran the suite said why. */
  readonly status: "passed" | "failed" | "unsupported" | "skipped";
  /** Of a skip. */
  readonly reason?: string;
  /** Of a failure: the error's message and stack. */
  readonly error?: string;
  readonly durationMs: number;
  /** Numbers that the case recorded. */
  readonly figures?: Readonly<Record<string, number>>;
}

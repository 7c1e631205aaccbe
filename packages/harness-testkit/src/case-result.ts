/** What came of a case. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** `unsupported`: the harness does not claim it. `skipped`: whoever ran the suite said why. */
  readonly status: "passed" | "failed" | "unsupported" | "skipped";
  /** Of a skip, and of what is not supported. */
  readonly reason?: string;
  /** Of a failure, also of one that came before what is `alone`: the error's message and stack. */
  readonly error?: string;
  readonly durationMs: number;
  /** How the run of the case ended, for the matrix: `failed, exit code 1: …`. */
  readonly ending?: string;
  /** It failed while others were running, and this is its result without them. */
  readonly alone?: true;
}

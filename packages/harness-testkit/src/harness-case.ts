import type { Harness } from "@glovebox/core/harness";
import type { CaseContext } from "./case-context.ts";

/** One rule for harnesses, as something to try with the real program. Knows no test runner. */
export interface HarnessCase {
  /** Area and behavior: `api/401`. Skips and reports name it by this, so it never changes. */
  readonly name: string;
  /** What holds, in one sentence. */
  readonly title: string;
  /** What of it this harness does not claim: the case is reported as unsupported with that reason, and not run. */
  readonly unsupported?: (harness: Harness) => string | undefined;
  /** Throws, best an `AssertionError`, when the rule does not hold. */
  run(context: CaseContext): Promise<void>;
}

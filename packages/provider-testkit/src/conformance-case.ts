import type { Capabilities } from "@glovebox/core/provider";
import type { CaseContext } from "./case-context.ts";
import type { TestProviderOptions } from "./test-provider-options.ts";

/** One rule of the contract, as something to try against a real provider. Knows no test runner. */
export interface ConformanceCase {
  /** Area and behaviour: `process/kill-reaches-grandchildren`. Skips and reports name it by this, so it never changes. */
  readonly name: string;
  /** What holds, in one sentence. */
  readonly title: string;
  /** False when the provider does not claim what the case is about: it is reported as unsupported and not run. */
  readonly requires?: (capabilities: Capabilities) => boolean;
  /** Why it cannot be run with these options, where it cannot: it is reported as skipped with that reason. */
  readonly whyNot?: (options: TestProviderOptions) => string | undefined;
  /** In milliseconds, on a provider with `limits.timeFactor` 1. One minute by default. */
  readonly timeoutMs?: number;
  /** Throws, best an `AssertionError`, when the rule does not hold. */
  run(context: CaseContext): Promise<void>;
}

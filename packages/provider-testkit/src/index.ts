/**
 * The conformance suite for providers.
 *
 * @module @glovebox/provider-testkit
 */
export type { CaseContext } from "./case-context.ts";
export type { CaseResult } from "./case-result.ts";
export { conformanceCases } from "./cases/index.ts";
export type { ConformanceCase } from "./conformance-case.ts";
export type { FaultOptions } from "./faults/fault-options.ts";
export { defaultTestLimits, type TestLimits } from "./test-limits.ts";
export { testProvider } from "./test-provider.ts";
export type { ProviderSource, TestProviderOptions } from "./test-provider-options.ts";

/**
 * The certification suite for harnesses, and the real programs that it needs.
 *
 * @module @glovebox/harness-testkit
 */
export { agentBinary } from "./agents/agent-binary.ts";
export type { CaseContext } from "./case-context.ts";
export type { CaseResult } from "./case-result.ts";
export { harnessCases } from "./cases/index.ts";
export type { HarnessCase } from "./harness-case.ts";
export { testHarness } from "./test-harness.ts";
export type { TestHarnessOptions } from "./test-harness-options.ts";

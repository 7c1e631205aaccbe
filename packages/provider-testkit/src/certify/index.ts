/**
 * The conformance suite as a function, with a report.
 *
 * @module @glovebox/provider-testkit/certify
 */
export type { CaseContext } from "../case-context.ts";
export type { CaseResult } from "../case-result.ts";
export { conformanceCases } from "../cases/index.ts";
export type { ConformanceCase } from "../conformance-case.ts";
export { type ConformanceReport, conformanceReportSchema } from "../report/conformance-report.ts";
export { reportMarkdown } from "../report/report-markdown.ts";
export { defaultTestLimits, type TestLimits } from "../test-limits.ts";
export type { ProviderSource, TestProviderOptions } from "../test-provider-options.ts";
export { type CertifyOptions, certify } from "./certify.ts";

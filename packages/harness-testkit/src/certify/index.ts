/**
 * The certification suite for harnesses as a function, with a report.
 *
 * @module @glovebox/harness-testkit/certify
 */
export type { CaseResult } from "../case-result.ts";
export { harnessCases } from "../cases/index.ts";
export type { HarnessCase } from "../harness-case.ts";
export { type HarnessReport, harnessReportSchema } from "../report/harness-report.ts";
export { reportMarkdown } from "../report/report-markdown.ts";
export type { TestHarnessOptions } from "../test-harness-options.ts";
export { type CertifyOptions, certify } from "./certify.ts";

import pLimit from "p-limit";
import type { CaseResult } from "../case-result.ts";
import { selectCases } from "../cases/select-cases.ts";
import type { HarnessReport } from "../report/harness-report.ts";
import { makeReport } from "../report/make-report.ts";
import { writeReport } from "../report/write-report.ts";
import type { TestHarnessOptions } from "../test-harness-options.ts";
import { TestRun } from "../test-run.ts";

/** What `certify` tests, and how far it goes. */
export interface CertifyOptions extends TestHarnessOptions {
  /** Called when a case is over. */
  readonly onResult?: (result: CaseResult) => void;
  /** Aborting it starts no further case, ends those that run, and writes no report. */
  readonly signal?: AbortSignal;
}

const defaultConcurrency = 4;

/**
 * Runs the suite against a harness, without a test runner. Rejects with `unavailable` when the provider is not ready: then
 * nothing was certified. A case that fails is in the report.
 */
export async function certify(options: CertifyOptions): Promise<HarnessReport> {
  const run = await TestRun.open(options);
  const results: CaseResult[] = [];
  let leftBehind = 0;
  try {
    await pLimit(options.concurrency ?? defaultConcurrency).map(selectCases(options), async (one) => {
      if (options.signal?.aborted) return;
      const result = await run.runCase(one);
      results.push(result);
      options.onResult?.(result);
    });
  } finally {
    leftBehind = await run.close();
  }
  const report = makeReport(run, results, leftBehind);
  if (options.report !== undefined && !options.signal?.aborted) await writeReport(options.report, report);
  return report;
}

import pLimit from "p-limit";
import type { CaseResult } from "../case-result.ts";
import { selectCases } from "../cases/select-cases.ts";
import type { ConformanceReport } from "../report/conformance-report.ts";
import { makeReport } from "../report/make-report.ts";
import { writeReport } from "../report/write-report.ts";
import { runCase } from "../run-case.ts";
import type { TestProviderOptions } from "../test-provider-options.ts";
import { TestRun } from "../test-run.ts";

/** What `certify` tests, and how far it goes. */
export interface CertifyOptions extends TestProviderOptions {
  /** Cases that run at the same time. Four by default. */
  readonly concurrency?: number;
  /** Called when a case is over. */
  readonly onResult?: (result: CaseResult) => void;
  /** Aborting it starts no further case, removes the sandboxes once those that run are over, and writes no report. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the suite against a provider, without a test runner. Rejects with `unavailable` when the provider is not ready:
 * then nothing was certified. A case that fails is in the report.
 */
export async function certify(options: CertifyOptions): Promise<ConformanceReport> {
  const run = await TestRun.open(options);
  const results: CaseResult[] = [];
  await pLimit(options.concurrency ?? 4).map(selectCases(options), async (one) => {
    if (options.signal?.aborted) return;
    const result = await runCase(one, run);
    results.push(result);
    options.onResult?.(result);
  });
  const left = await run.close();
  const report = makeReport(run, results, left.length);
  if (options.report !== undefined && !options.signal?.aborted) await writeReport(options.report, report);
  return report;
}

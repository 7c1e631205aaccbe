import type { CaseResult } from "../case-result.ts";
import { conformanceCases } from "../cases/index.ts";
import type { ConformanceReport } from "../report/conformance-report.ts";
import { makeReport } from "../report/make-report.ts";
import { writeReport } from "../report/write-report.ts";
import { runCase } from "../run-case.ts";
import type { TestProviderOptions } from "../test-provider-options.ts";
import { TestRun } from "../test-run.ts";

export interface CertifyOptions extends TestProviderOptions {
  /** Only the cases whose names hold one of these words. All unless given. */
  readonly only?: readonly string[];
  /** Cases that run at the same time. Four unless given. */
  readonly concurrency?: number;
  /** Called when a case is over. */
  readonly onResult?: (result: CaseResult) => void;
  /** Aborting it starts no further case, removes the sandboxes once those that run are over, and writes no report. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the suite against a provider, without a test runner. Rejects with `unavailable` when the provider is not ready:
 * then nothing was certified. A case that fails is told in the report.
 */
export async function certify(options: CertifyOptions): Promise<ConformanceReport> {
  const run = await TestRun.open(options);
  const { only } = options;
  const waiting = conformanceCases.filter(({ name }) => only?.some((word) => name.includes(word)) ?? true);
  const results: CaseResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal?.aborted) return;
      const result = await runCase(next, run);
      results.push(result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work));
  const left = await run.close();
  const report = makeReport(run, results, left.length);
  if (options.report !== undefined && !options.signal?.aborted) await writeReport(options.report, report);
  return report;
}

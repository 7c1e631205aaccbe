import { dropUndefined } from "@glovebox/core/provider";
import pLimit from "p-limit";
import type { CaseResult } from "../case-result.ts";
import { selectCases } from "../cases/select-cases.ts";
import type { HarnessCase } from "../harness-case.ts";
import type { HarnessReport } from "../report/harness-report.ts";
import { makeReport } from "../report/make-report.ts";
import { writeReport } from "../report/write-report.ts";
import type { TestHarnessOptions } from "../test-harness-options.ts";
import { TestRun } from "../test-run.ts";

/** What `certify` tests, and how far it goes. */
export interface CertifyOptions extends TestHarnessOptions {
  /** Called when a case is over. */
  readonly onResult?: (result: CaseResult) => void;
  /**
   * Whether a case that fails is run again, alone, when the others are over: so that a busy machine is not taken for a fault of
   * the harness. Its result says so. Default: false.
   */
  readonly againAlone?: boolean;
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
  const results = new Map<HarnessCase, CaseResult>();
  const runCase = async (one: HarnessCase, alone: Pick<CaseResult, "alone" | "error">) => {
    if (options.signal?.aborted) return;
    const result = { ...alone, ...(await run.runCase(one)) };
    results.set(one, result);
    options.onResult?.(result);
  };
  let leftBehind = 0;
  try {
    const concurrency = options.concurrency ?? defaultConcurrency;
    await pLimit(concurrency).map(selectCases(options), (one) => runCase(one, {}));
    const failed = options.againAlone ? [...results].filter(([, { status }]) => status === "failed") : [];
    for (const [one, { error }] of failed) await runCase(one, { alone: true, ...dropUndefined({ error }) });
  } finally {
    leftBehind = await run.close();
  }
  const report = makeReport(run, [...results.values()], leftBehind);
  if (options.report !== undefined && !options.signal?.aborted) await writeReport(options.report, report);
  return report;
}

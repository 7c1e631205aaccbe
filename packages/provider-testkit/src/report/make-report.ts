import type { CaseResult } from "../case-result.ts";
import type { TestRun } from "../test-run.ts";
import type { ConformanceReport } from "./conformance-report.ts";

/** The report of a run whose cases are over. */
export function makeReport(run: TestRun, results: readonly CaseResult[], leftBehind: number): ConformanceReport {
  return {
    v: 1,
    providerId: run.provider.id,
    versions: { ...run.options.versions },
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    startedAt: run.startedAt.toISOString(),
    durationMs: Date.now() - run.startedAt.getTime(),
    capabilities: { ...run.capabilities },
    limits: { ...run.limits },
    leftBehind,
    cases: results.toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}

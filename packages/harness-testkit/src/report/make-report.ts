import type { CaseResult } from "../case-result.ts";
import { endpointOf } from "../case-run/endpoint.ts";
import type { TestRun } from "../test-run.ts";
import type { HarnessReport } from "./harness-report.ts";

/** The report of a run whose cases are over. */
export function makeReport(run: TestRun, results: readonly CaseResult[], leftBehind: number): HarnessReport {
  const { harness, options, startedAt } = run;
  const { npmPackage, npmVersion } = harness.template();
  return {
    v: 1,
    harnessId: harness.id,
    program: `${npmPackage} ${npmVersion}`,
    api: endpointOf(harness, options.credential).endpoint.api ?? "not known",
    versions: { ...options.versions },
    providerId: options.provider.id,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    leftBehind,
    cases: results.toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CaseResult } from "./case-result.ts";
import { selectCases } from "./cases/select-cases.ts";
import { makeReport } from "./report/make-report.ts";
import { writeReport } from "./report/write-report.ts";
import type { TestHarnessOptions } from "./test-harness-options.ts";
import { TestRun } from "./test-run.ts";

/** In milliseconds: a case's own limit ends it long before. */
const testTimeoutMs = 60 * 60_000;

/**
 * Registers one vitest test for each case of the suite, each with the real program. Where the provider is not ready the tests
 * say that nothing was certified, and fail where `CI` is set.
 */
export function testHarness(options: TestHarnessOptions): void {
  describe.concurrent("certification", () => {
    let run: TestRun | undefined;
    let nothing = "";
    const results: CaseResult[] = [];

    beforeAll(async () => {
      try {
        run = await TestRun.open(options);
      } catch (error) {
        if (process.env.CI || !(error instanceof Error) || !error.message.startsWith("Nothing was")) throw error;
        nothing = error.message;
        console.warn(nothing);
      }
    });

    afterAll(async () => {
      if (run === undefined) return;
      const left = await run.close();
      if (options.report !== undefined) await writeReport(options.report, makeReport(run, results, left));
      expect(left, "Sandboxes that no case knew of were left").toBe(0);
    });

    for (const testCase of selectCases(options)) {
      test(`${testCase.name}: ${testCase.title}`, { timeout: testTimeoutMs }, async (context) => {
        if (run === undefined) return context.skip(nothing);
        const result = await run.runCase(testCase);
        results.push(result);
        if (result.status === "unsupported" || result.status === "skipped") context.skip(result.reason);
        expect(result.error, result.name).toBeUndefined();
      });
    }
  });
}

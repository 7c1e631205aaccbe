import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

interface Attempt {
  readonly passed: number;
  readonly skipped: number;
  /** Files with a failure, relative to the repository. */
  readonly failedFiles: readonly string[];
}

/**
 * Closes a test run with one plain line: how many tests passed, failed and were skipped. Where `GLOVEBOX_TEST_ATTEMPT`
 * names a file, the first attempt leaves there what failed, and the second one, which runs only those files, counts both.
 */
export class CountReporter implements Reporter {
  readonly #record: string | undefined;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#record = env.GLOVEBOX_TEST_ATTEMPT;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    const ofErrors = errors.map(fileOf);
    const whole = { passed: 0, skipped: 0, failedFiles: ofErrors.filter((file) => file !== undefined) };
    for (const module of modules) {
      const own = { passed: 0, failed: 0, skipped: 0, pending: 0 };
      for (const test of module.children.allTests()) own[test.result().state] += 1;
      if (module.state() === "failed" && own.failed === 0) own.failed += 1;
      for (const state of ["passed", "failed", "skipped", "pending"] as const) count[state] += own[state];
      if (own.failed > 0) whole.failedFiles.push(module.moduleId);
      if (whole.failedFiles.includes(module.moduleId)) continue;
      whole.passed += own.passed;
      whole.skipped += own.skipped;
    }
    const earlier = this.#attempt(whole, ofErrors.includes(undefined));
    process.stdout.write(
      `\nTests: ${count.passed + earlier.passed} passed, ${count.failed} failed, ${count.skipped + earlier.skipped} skipped\n`,
    );
    if (earlier.failedFiles.length > 0)
      process.stdout.write(`Run twice, since they failed at first: ${earlier.failedFiles.join(", ")}\n`);
  }

  /** The attempt before this one. Records this one if it is the first, and if every failure belongs to a file. */
  #attempt(whole: Attempt, isPartial: boolean): Attempt {
    const none = { passed: 0, skipped: 0, failedFiles: [] };
    if (this.#record === undefined) return none;
    if (existsSync(this.#record)) return JSON.parse(readFileSync(this.#record, "utf8")) as Attempt;
    const failedFiles = [...new Set(whole.failedFiles)].map((file) => relative(process.cwd(), file));
    if (!isPartial) writeFileSync(this.#record, JSON.stringify({ ...whole, failedFiles }));
    return none;
  }
}

/** The test file in which an error outside a test was thrown, where vitest knows it. */
function fileOf(error: unknown): string | undefined {
  const file = (error as { VITEST_TEST_PATH?: unknown }).VITEST_TEST_PATH;
  return typeof file === "string" ? file : undefined;
}

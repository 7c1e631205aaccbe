import { matchesOutput } from "./matches-output.ts";
import { printedTests } from "./runners/printed-tests.ts";
import type { TestReport } from "./runners/test-report.ts";
import type { Trial } from "./trial.ts";
import type { Cheat, Verification } from "./verification.ts";

/** What a verdict rests on. */
export interface VerdictInput {
  readonly trial: Trial;
  /** What the command did with the project as it was before the run. Absent for a run without a workspace. */
  readonly before?: (Omit<Trial, "output" | "tampered"> & { readonly printed?: number | undefined }) | undefined;
  /** Test files of the project which could not be loaded before the run, and which do have tests. */
  readonly unloaded: ReadonlySet<string>;
  readonly expect: RegExp | undefined;
}

type Verdict = Pick<Verification, "passed" | "verdict" | "exitCode" | "reason" | "cheats" | "evidence" | "tests">;

const mostNamed = 20;

/** Whether the work is done, and what speaks against it. */
export function verdictOf(input: VerdictInput): Verdict {
  const { trial, expect } = input;
  const { exitCode } = trial;
  const evidence = evidenceOf(input);
  const { tests, missing } = countTests(input);
  const judged = { exitCode, evidence, ...(tests === undefined ? {} : { tests }) };
  const fail = (reason: string, cheats: readonly Cheat[] = []): Verdict => ({
    ...{ passed: false, verdict: "failed", reason, cheats: [...cheats] },
    ...judged,
  });
  const tampered = trial.tampered.slice(0, mostNamed).map((path) => ({
    kind: "tampered",
    path,
    message: "was changed while the command ran",
  }));
  if (trial.timedOut) return fail("The command did not end in time", tampered);
  if (exitCode === null) return fail(`The command was ended by ${trial.ended ?? "a signal"}`, tampered);
  if (exitCode !== 0) return fail(failureReason(exitCode, trial.report), tampered);
  if (tampered.length > 0)
    return fail("The command changed the project's own tests or settings while it ran", tampered);
  if (missing.length > 0)
    return fail("The command succeeded, but tests of the project did not run or did not pass", missing);
  const isMatch = expect === undefined || matchesOutput(expect, trial.output);
  if (!isMatch) {
    const why = isMatch === undefined ? "the output cannot be compared in time with" : "nothing in the output matches";
    return fail("The command succeeded, but its output does not match what is expected", [
      { kind: "missing-output", message: `${why} ${expect?.source}` },
    ]);
  }
  const reason = tests === undefined ? "The command succeeded" : `${tests.passed} of ${tests.expected} tests passed`;
  return { passed: true, verdict: "passed", reason, cheats: [], ...judged };
}

function failureReason(exitCode: number, report: TestReport | undefined): string {
  const all = [...(report?.values() ?? [])];
  const failed = all.reduce((sum, { failed }) => sum + failed, 0);
  const broken = all.filter(({ broken }) => broken).length;
  const details = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? "test" : "tests"} failed`] : []),
    ...(broken > 0 && failed === 0 ? [`${broken} ${broken === 1 ? "test file" : "test files"} could not be run`] : []),
  ];
  return [`The command ended with exit code ${exitCode}`, ...details].join(": ");
}

function evidenceOf({ trial, before, expect }: VerdictInput): NonNullable<Verification["evidence"]> {
  if ((before?.report ?? trial.report) !== undefined) return "report";
  return expect !== undefined || before?.printed !== undefined ? "output" : "exit-code";
}

interface Count {
  readonly tests: Verification["tests"];
  /** What of the project's tests did not pass. */
  readonly missing: readonly Cheat[];
}

/** Of each test file of the project, as many tests have to pass as it has. Other tests do not count in their place. */
function countTests({ trial, before, unloaded }: VerdictInput): Count {
  if (before === undefined) return countOwn(trial.report);
  if (before.report === undefined) return countPrinted(trial, before.printed);
  if (trial.report === undefined) {
    const missing = [{ kind: "missing-tests", message: "the test runner ended before it wrote its report" }];
    return { tests: undefined, missing };
  }
  let [passed, expected] = [0, 0];
  const missing: Cheat[] = [];
  for (const [path, counts] of before.report) {
    const needed = Math.max(counts.passed + counts.failed, unloaded.has(path) ? 1 : 0);
    const ran = trial.report.get(path);
    passed += Math.min(needed, ran?.passed ?? 0);
    expected += needed;
    if ((ran?.passed ?? 0) >= needed && ran?.broken !== true) continue;
    if (needed > 0 || ran?.broken)
      missing.push({ kind: "missing-tests", path, message: `${ran?.passed ?? 0} of ${needed} tests passed` });
  }
  return { tests: { passed, expected }, missing: missing.slice(0, mostNamed) };
}

function countOwn(report: TestReport | undefined): Count {
  if (report === undefined) return { tests: undefined, missing: [] };
  const all = [...report.values()];
  const passed = all.reduce((sum, one) => sum + one.passed, 0);
  return { tests: { passed, expected: passed + all.reduce((sum, one) => sum + one.failed, 0) }, missing: [] };
}

function countPrinted({ output }: Trial, expected: number | undefined): Count {
  if (expected === undefined) return { tests: undefined, missing: [] };
  const passed = printedTests(output) ?? 0;
  const message = `the output names ${passed} tests that passed, and ${expected} before the run`;
  return { tests: { passed, expected }, missing: passed < expected ? [{ kind: "missing-tests", message }] : [] };
}

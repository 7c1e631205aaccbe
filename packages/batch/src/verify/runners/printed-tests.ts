/** The lines with which test programs without a reporter of ours end; the group counts tests, or packages of them. */
const summaries: readonly RegExp[] = [
  // cargo test, for each of its programs.
  /^test result: ok\. (\d+) passed/gm,
  // unittest.
  /^Ran (\d+) tests? in /gm,
  // rspec.
  /^(\d+) examples?, 0 failures/gm,
  // phpunit.
  /^OK \((\d+) tests?/gm,
  // Maven's and Gradle's surefire; the last one is the sum.
  /^(?:\[INFO\] )?Tests run: (\d+), Failures: 0, Errors: 0/gm,
  // dotnet test.
  /^Passed!\s+-\s+Failed:\s+0, Passed:\s+(\d+)/gm,
  // node --test, where it prints TAP or another reporter is chosen.
  /^# pass (\d+)$/gm,
  // go test: a line for each package.
  /^ok\s+\t?\S+\s+(?:[\d.]+s|\(cached\))/gm,
];

/** How many tests a program says that it has passed, in all forms that are known; `undefined` where it says nothing. */
export function printedTests(output: string): number | undefined {
  const counts = summaries.flatMap((pattern) => [...output.matchAll(pattern)].map(([, count = "1"]) => Number(count)));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

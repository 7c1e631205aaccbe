import assert from "node:assert/strict";
import type { CaseRun } from "./case-run.ts";

/** The longest reason that a report repeats, in characters. */
const shownReason = 200;

/** How a run ended, in one line. */
export function endingOf({ result }: Pick<CaseRun, "result">): string {
  const [reason = ""] = result.reason.trim().split("\n", 1);
  return `${result.outcome}, exit code ${result.exitCode}: ${reason.slice(0, shownReason)}`;
}

/** Throws unless a run ended in this way. */
export function assertEnded(found: CaseRun, outcome: CaseRun["result"]["outcome"], exitCode: number): void {
  const { result, lines } = found;
  const said = lines.slice(-5).map(({ line }) => line.slice(0, 300));
  assert.deepEqual(
    [result.outcome, result.exitCode],
    [outcome, exitCode],
    `Expected ${outcome}, exit code ${exitCode}; the run ended with ${endingOf(found)}\n${said.join("\n")}`,
  );
  assertClean(found);
}

/** Throws where a run that the model's API failed is called a success, or its reason hides why it ended. */
export function assertHonestFailure(found: CaseRun): void {
  const { result } = found;
  if (result.outcome === "timed-out") {
    assertEnded(found, "timed-out", 124);
    assert.match(result.reason, /took longer than|No activity for/);
    return;
  }
  assertEnded(found, "failed", 1);
  assert.notEqual(result.reason.trim(), "", "The run failed without a reason");
}

/** Throws where something was left behind, or a tool call has no end. */
function assertClean({ result, events }: CaseRun): void {
  assert.equal(result.cleanup.state, "clean");
  const ended = new Set(events.flatMap((event) => (event.type === "tool.end" ? [event.callId] : [])));
  // A run that is aborted reads no further; every other one hears the harness to its end.
  if (result.reason.startsWith("Aborted")) return;
  for (const event of events) {
    if (event.type === "tool.start") assert.ok(ended.has(event.callId), `tool.start of ${event.name} has no tool.end`);
  }
}

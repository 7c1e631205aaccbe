import type { HarnessOutcome, HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";

/** Success only when the agent's last line says so; an exit that disagrees is a warning. */
export function smallAgentOutcome(
  result: HarnessResultEvent | undefined,
  { exitCode, reason }: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  const ended = exitCode === null ? reason : `exit code ${exitCode}`;
  if (result === undefined) {
    const words = stderrTail.trim().slice(-500);
    const message = `The small agent ended with ${ended} and without a result${words === "" ? "" : `: ${words}`}`;
    return { ok: false, reason: "no-result", message };
  }
  const agrees = result.ok === (exitCode === 0);
  return {
    ok: result.ok,
    reason: result.reason,
    message: result.message,
    ...(agrees ? {} : { warning: `The small agent's result and its ${ended} disagree` }),
  };
}

import assert from "node:assert/strict";
import type { ScriptStep } from "@glovebox/scripted-model";
import type { CaseContext } from "../case-context.ts";
import { assertEnded } from "../case-run/judge.ts";
import type { HarnessCase } from "../harness-case.ts";

/** More than the first request reserves, whatever it is. */
const budgetTokens = 2_000_000;

/** No program refuses to run it, as some refuse to sleep. */
const endless = "tail -f /dev/null";

/** Also for tools that answer while their command still runs. */
function endlessly(context: CaseContext): readonly ScriptStep[] {
  const step: ScriptStep = ({ tools }) => ({ text: "I wait.", tools: [context.shell(endless, tools)] });
  return Array.from({ length: 20 }, () => step);
}

/** How limits end the program. */
export const limitCases: readonly HarnessCase[] = [
  {
    name: "limits/budget",
    title: "A budget that is spent ends the run with exit code 6, without a further request to the model",
    async run(context) {
      const step: ScriptStep = ({ tools }) => ({
        tools: [context.shell("true", tools)],
        inputTokens: 2 * budgetTokens,
        outputTokens: 50,
      });
      const found = await context.run({ turns: [step, step, step], spec: { maxTokens: budgetTokens } });
      assertEnded(found, "budget-exceeded", 6);
      assert.equal(found.modelRequests, 1);
    },
  },
  {
    name: "limits/time-out",
    title: "The time-out ends a tool that never does, with exit code 124",
    async run(context) {
      const spec = { timeoutMs: await context.limit(0) };
      const found = await context.run({ turns: endlessly(context), spec });
      assertEnded(found, "timed-out", 124);
      assert.match(found.result.reason, /took longer than/);
    },
  },
  {
    name: "limits/idle-time-out",
    title: "The idle time-out ends a tool that does nothing, with exit code 124",
    async run(context) {
      const found = await context.run({
        turns: endlessly(context),
        spec: { idleTimeoutMs: context.idleMs },
      });
      assertEnded(found, "timed-out", 124);
      assert.match(found.result.reason, /No activity for/);
    },
  },
];

import assert from "node:assert/strict";
import type { ScriptFault, ScriptStep } from "@glovebox/scripted-model";
import type { CaseContext } from "../case-context.ts";
import type { CaseRun } from "../case-run/case-run.ts";
import { assertEnded, assertHonestFailure } from "../case-run/judge.ts";
import { finalText } from "../case-run/success.ts";
import type { HarnessCase } from "../harness-case.ts";

/** Long enough that every stream of it can be cut in the middle. */
const longText = "A text that is long enough to be cut in the middle of its stream. ".repeat(8);
const hugeBytes = 2 * 1024 * 1024;

/** How long a program may try again, in milliseconds. */
const triesMs = 10_000;
/** For what a program does at once. */
const promptMs = 30_000;

async function run(context: CaseContext, turns: readonly ScriptStep[], extraMs: number): Promise<CaseRun> {
  const spec = { timeoutMs: await context.limit(extraMs), idleTimeoutMs: context.idleMs };
  return await context.run({ turns, spec });
}

/** The API fails in the middle of the work: by then a model has answered, and only the harness can tell that not all is well. */
function failure(name: string, title: string, fault: ScriptFault): HarnessCase {
  return {
    name: `api/${name}`,
    title,
    async run(context) {
      const work: ScriptStep = ({ tools }) => ({ text: "I begin.", tools: [context.shell("true", tools)] });
      assertHonestFailure(await run(context, [work, { text: longText, fault }], triesMs));
    },
  };
}

const status = (code: number): ScriptFault => ({ kind: "status", status: code, message: `scripted ${code}` });

/** What the program makes of an API that fails. */
export const apiCases: readonly HarnessCase[] = [
  {
    name: "api/401",
    title: "A key that the API rejects fails the run with exit code 3",
    async run(context) {
      assertEnded(await run(context, [{ fault: status(401) }], promptMs), "failed", 3);
    },
  },
  {
    name: "api/403",
    title: "A refusal of the API fails the run",
    async run(context) {
      assertEnded(await run(context, [{ fault: status(403) }], promptMs), "failed", 1);
    },
  },
  failure("429", "An API that always asks to slow down fails the run, or a time limit ends it", status(429)),
  {
    name: "api/429-retry-after",
    title: "After a 429 with Retry-After it tries again and succeeds",
    async run(context) {
      const fault: ScriptFault = { kind: "status", status: 429, retryAfter: 1, times: 1 };
      const found = await context.run({ turns: [{ text: finalText, fault }] });
      assertEnded(found, "succeeded", 0);
      assert.equal(found.modelRequests, 2);
    },
  },
  failure("500", "An API that always fails fails the run, or a time limit ends it", status(500)),
  failure("529", "An API that is always overloaded fails the run, or a time limit ends it", status(529)),
  failure("cut-stream", "A stream that is always cut fails the run, or a time limit ends it", {
    kind: "cut",
    afterChunks: 4,
  }),
  failure("stalled-stream", "A stream that stalls fails the run, or the idle time-out ends it", {
    kind: "hang",
    afterChunks: 4,
  }),
  failure("invalid-json", "Answers that are not JSON fail the run, or a time limit ends it", {
    kind: "garbage",
    afterChunks: 1,
  }),
  {
    name: "api/huge-answer",
    title: "An answer of 2 MiB ends well, and at least its first MiB is reported",
    async run(context) {
      const found = await context.run({ turns: [{ fault: { kind: "huge", bytes: hugeBytes } }] });
      assertEnded(found, "succeeded", 0);
      const texts = found.events.flatMap((event) => (event.type === "message.end" ? [event.text.length] : []));
      assert.ok(Math.max(0, ...texts) >= hugeBytes / 2, "Less than the first MiB was reported");
    },
  },
];

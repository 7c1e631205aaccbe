import assert from "node:assert/strict";
import { type Harness, SandboxError } from "@glovebox/core/harness";
import type { CaseContext } from "../case-context.ts";
import { assertEnded } from "../case-run/judge.ts";
import type { HarnessCase } from "../harness-case.ts";
import { NotClaimed } from "../not-claimed.ts";

const unsupported = (harness: Harness) =>
  harness.sessions === undefined ? "it names no directory of its conversations" : undefined;

const answer = "I have read both.";

/** Continues the conversation of the run that succeeded; the model sees what was said in it. */
async function continued(context: CaseContext, spec: { readonly fork?: object }) {
  const first = await context.success();
  let seen = "";
  const step = ({ messages }: { readonly messages: unknown }) => {
    seen += JSON.stringify(messages);
    return { text: answer };
  };
  const found = await context.run({
    prompt: "And then?",
    // The script's position is the number of the model's own messages, which the conversation already has.
    turns: Array.from({ length: 8 }, () => step),
    spec: { continues: first.result.runId, ...spec },
  });
  assertEnded(found, "succeeded", 0);
  assert.equal(found.result.message?.trim(), answer);
  assert.ok(seen.includes("Make the file made.txt."), "The model did not see the earlier prompt");
  assert.ok(seen.includes("And then?"), "The model did not see the prompt");
  return { first: first.result, second: found.result };
}

/** How a conversation continues in another sandbox. */
export const sessionCases: readonly HarnessCase[] = [
  {
    name: "sessions/resume",
    title: "A conversation continues in another sandbox",
    unsupported,
    async run(context) {
      await continued(context, {});
    },
  },
  {
    name: "sessions/fork",
    title: "A fork continues the conversation under an id of its own",
    unsupported,
    async run(context) {
      const { first, second } = await continued(context, { fork: {} }).catch((error: unknown) => {
        if (SandboxError.isInstance(error) && error.code === "invalid-options") throw new NotClaimed(error.message);
        throw error;
      });
      assert.ok(second.sessionId !== undefined, "The fork has no session id");
      assert.notEqual(second.sessionId, first.sessionId);
    },
  },
];

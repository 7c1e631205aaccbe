import { expect, it } from "vitest";
import type { HarnessResultEvent } from "../../events/harness-event.ts";
import { AnswerSchema } from "./answer-schema.ts";
import { checkedResult } from "./checked-result.ts";

const schema = new AnswerSchema({ type: "object", properties: { n: { type: "integer" } }, required: ["n"] });
const said: HarnessResultEvent = { type: "harness.result", ok: true, reason: "done", message: "Done." };

it("keeps an answer that matches", () => {
  const event = { ...said, structuredOutput: { n: 1 } };
  expect(checkedResult(event, schema)).toEqual({ event });
});

it("takes out an answer that does not match, and says why", () => {
  expect(checkedResult({ ...said, structuredOutput: { n: "1" } }, schema)).toEqual({
    event: said,
    problem: "The structured answer does not match the schema: /n must be integer",
  });
});

it("says that an answer is missing", () => {
  expect(checkedResult(said, schema)).toEqual({ event: said, problem: expect.stringContaining("gave no structured") });
});

it("takes out an answer that nobody asked for", () => {
  expect(checkedResult({ ...said, structuredOutput: { n: 1 } }, undefined)).toEqual({ event: said });
});

it("refuses a result that breaks the contract", () => {
  const result = { ...said, message: {} as unknown as string };
  expect(() => checkedResult(result, undefined)).toThrow("a result whose message cannot be read");
});

import { expect, it } from "vitest";
import type { Harness } from "../../harness/harness.ts";
import { answerSchemaOf } from "./answer-schema-of.ts";

const task = { prompt: "p", jsonSchema: { type: "object" } };

it("refuses a schema for a harness that gives no structured answers, by its name", () => {
  const harness = { id: "small-agent" } as Harness;
  expect(() => answerSchemaOf({ harness, task })).toThrow("The harness small-agent gives no structured answers");
  expect(answerSchemaOf({ harness, task: { prompt: "p" } })).toBeUndefined();
});

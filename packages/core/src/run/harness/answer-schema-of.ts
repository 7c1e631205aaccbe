import { InvalidOptionsError } from "../../errors/index.ts";
import type { RunSpec } from "../run-spec.ts";
import { AnswerSchema } from "./answer-schema.ts";

/** Returns the schema of a run's answer, if it has one. Throws `invalid-options` if it cannot be used. */
export function answerSchemaOf({ harness, task }: Pick<RunSpec, "harness" | "task">): AnswerSchema | undefined {
  if (task.jsonSchema === undefined) return undefined;
  if (harness.structuredOutput !== true) {
    throw new InvalidOptionsError(`The harness ${harness.id} gives no structured answers`, {
      hint: "Leave the schema out, or choose another harness.",
    });
  }
  return new AnswerSchema(task.jsonSchema);
}

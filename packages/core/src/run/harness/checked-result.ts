import type { HarnessResultEvent } from "../../events/harness-event.ts";
import type { AnswerSchema } from "./answer-schema.ts";

/** A harness's result whose structured answer was compared with the schema. */
export interface CheckedResult {
  /** Has an answer only if it matches. */
  readonly event: HarnessResultEvent;
  /** Why there is no answer although one was asked for, in one line. */
  readonly problem?: string;
}

/** Compares the answer of a result with the schema, and takes it out if it does not match or was not asked for. */
export function checkedResult(
  { structuredOutput, ...event }: HarnessResultEvent,
  schema: AnswerSchema | undefined,
): CheckedResult {
  if (schema === undefined) return { event };
  const problem =
    structuredOutput === undefined
      ? "The harness gave no structured answer, although one was asked for"
      : schema.problemOf(structuredOutput);
  return problem === undefined ? { event: { ...event, structuredOutput } } : { event, problem };
}

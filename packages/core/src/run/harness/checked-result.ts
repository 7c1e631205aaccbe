import { SandboxError } from "../../errors/index.ts";
import { type HarnessResultEvent, harnessEventSchema } from "../../events/harness-event.ts";
import type { AnswerSchema } from "./answer-schema.ts";

/** A harness's result whose structured answer was compared with the schema. */
export interface CheckedResult {
  /** Has an answer only if it matches. */
  readonly event: HarnessResultEvent;
  /** Why there is no answer although one was asked for, in one line. */
  readonly problem?: string;
}

/**
 * Compares the answer of a result with the schema, and takes it out if it does not match or was not asked for. Throws
 * `internal` for a result that breaks the contract of events: whatever is inside decides what a parser reads.
 */
export function checkedResult(result: HarnessResultEvent, schema: AnswerSchema | undefined): CheckedResult {
  const problemOfResult = harnessEventSchema.safeParse(result).error?.issues[0];
  if (problemOfResult !== undefined) {
    const { path, message } = problemOfResult;
    throw new SandboxError(
      "internal",
      `The harness reported a result whose ${path.join(".")} cannot be read: ${message}`,
    );
  }
  const { structuredOutput, ...event } = result;
  if (schema === undefined) return { event };
  const problem =
    structuredOutput === undefined
      ? "The harness gave no structured answer, although one was asked for"
      : schema.problemOf(structuredOutput);
  return problem === undefined ? { event: { ...event, structuredOutput } } : { event, problem };
}

import type { Run } from "@glovebox/store";
import { HttpError } from "../../access/http-error.ts";
import { type ResumeRequest, type RunRequest, runRequestSchema } from "../schemas/run-request.ts";

type Changes = Omit<ResumeRequest, "prompt">;

/**
 * The request of a run that continues an earlier one: what the earlier one asked for, with the changes. Throws a 409 for a run that
 * has not ended.
 */
export function continueRequest(run: Run, prompt: string, changes: Changes): RunRequest {
  if (run.state !== "ended") throw new HttpError(409, "conflict", `The run ${run.id} has not ended`);
  const { name: _, jsonSchema: __, ...earlier } = run.request;
  const defined = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return runRequestSchema.parse({ ...earlier, ...defined, prompt });
}

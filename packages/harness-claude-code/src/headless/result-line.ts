// As a namespace: from `{ z }` a bundler cannot leave zod's translations out, which double the size of a Worker.
import * as z from "zod";
import { boundedMessage, ownWords } from "./own-words.ts";

const modelUsageSchema = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadInputTokens: z.number(),
  cacheCreationInputTokens: z.number(),
});

/** The last line of `--output-format json` and `stream-json`, as far as it is read. */
export const resultLineSchema = z.object({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z.boolean(),
  result: z.string().nullish(),
  errors: z.array(z.string()).nullish(),
  api_error_status: z.number().nullish(),
  terminal_reason: z.string().nullish(),
  num_turns: z.number().nullish(),
  total_cost_usd: z.number().nullish(),
  session_id: z.string().nullish(),
  structured_output: z.unknown().optional(),
  modelUsage: z.record(z.string(), modelUsageSchema).nullish(),
});
export type ResultLine = z.infer<typeof resultLineSchema>;

export type ResultReason = "done" | "max-turns" | "max-budget" | "aborted" | "api-error" | "error";

/** Returns why the run ended. Every API error has `subtype: "success"` and `is_error: true`, which is no success. */
export function resultReason(line: ResultLine): ResultReason {
  if (line.subtype === "success" && !line.is_error) return "done";
  if (line.subtype === "error_max_turns") return "max-turns";
  if (line.subtype === "error_max_budget_usd") return "max-budget";
  if (line.terminal_reason?.startsWith("aborted")) return "aborted";
  if (line.terminal_reason === "api_error" || typeof line.api_error_status === "number") return "api-error";
  return "error";
}

/** Returns the answer of a successful run unchanged, or the reason of a failure. */
export function resultMessage(line: ResultLine, reason: ResultReason): string {
  if (reason === "aborted") return "Interrupted";
  const text = line.result ?? line.errors?.join("; ") ?? line.subtype;
  return boundedMessage(reason === "done" ? text : ownWords(text));
}

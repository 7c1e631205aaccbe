import { resultLineSchema, resultMessage, resultReason } from "./result-line.ts";

/** Claude Code's final result, as far as it can be read. */
export interface HeadlessResult {
  readonly ok: boolean;
  /** The answer, or why it failed. */
  readonly message: string;
  /** Whether a model was used. Claude Code also reports success for commands of its own that use none. */
  readonly usedModel: boolean;
  readonly costUsd?: number;
}

/** Parses the output of `claude -p --output-format json`. Returns `undefined` if it does not end with a result. */
export function parseResult(output: string): HeadlessResult | undefined {
  const parsed = resultLineSchema.safeParse(parseJson(output.trim().split("\n").at(-1) ?? ""));
  if (!parsed.success) return undefined;
  const line = parsed.data;
  const reason = resultReason(line);
  return {
    ok: reason === "done",
    message: resultMessage(line, reason),
    usedModel: (line.num_turns ?? 0) > 0 || Object.keys(line.modelUsage ?? {}).length > 0,
    ...(typeof line.total_cost_usd === "number" && { costUsd: line.total_cost_usd }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Output that breaks off ends with no result.
    return undefined;
  }
}

import type { MeteredApi } from "../../metered-api.ts";
import { openaiError } from "./openai-error.ts";
import { readResponsesRequest } from "./responses-request.ts";
import { ResponsesUsage } from "./responses-usage.ts";

/** OpenAI's Responses API. Base URLs have the version in them, or in the path. */
export const openaiResponses: MeteredApi = {
  costs: /^(\/v1)?\/responses$/,
  isFree: /^(\/v1)?\/responses\/input_tokens$/,
  readRequest: readResponsesRequest,
  countsAtEnd: true,
  outputField: "max_output_tokens",
  usageReader: (context) => new ResponsesUsage(context),
  // Tried with Codex 0.171.0: it sends a request six times within ten seconds for 401, 402, 403 and 5xx, and once for 400.
  refusalStatus: ({ status, retry }) => (retry === false && status !== 426 ? 400 : status),
  errorBody: openaiError,
};

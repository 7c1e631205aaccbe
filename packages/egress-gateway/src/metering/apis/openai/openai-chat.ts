import type { MeteredApi } from "../../metered-api.ts";
import { chatReporting } from "./chat-reporting.ts";
import { readChatRequest } from "./chat-request.ts";
import { ChatUsage } from "./chat-usage.ts";
import { openaiError } from "./openai-error.ts";

/** OpenAI's Chat Completions API. Base URLs have the version in them, or in the path. */
export const openaiChat: MeteredApi = {
  costs: /^(\/v1)?\/chat\/completions$/,
  isFree: /^$/,
  readRequest: readChatRequest,
  countsAtEnd: true,
  outputField: "max_completion_tokens",
  reporting: chatReporting,
  usageReader: (context) => new ChatUsage(context),
  // Tried with OpenCode 1.18.33, Qwen Code 0.24.4 and Copilot CLI 1.0.102: they show 400, 402 and 403 at once, but Copilot reports
  // 403 as a failed authentication. Clients send a request again for 5xx, and after a stream that broke off.
  refusalStatus: ({ status, retry }) => (retry === false && status >= 500 ? 400 : status),
  errorBody: openaiError,
};

import type { MeteredApi } from "../../metered-api.ts";
import { readMessagesRequest } from "./messages-request.ts";
import { MessagesUsage } from "./messages-usage.ts";

const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  402: "billing_error",
  403: "permission_error",
  405: "invalid_request_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
};

/** Anthropic's Messages API. */
export const anthropicMessages: MeteredApi = {
  costs: /^\/v1\/messages$/,
  isFree: /^\/v1\/messages\/count_tokens$/,
  readRequest: (body) => readMessagesRequest(body),
  countsAtEnd: false,
  outputField: "max_tokens",
  usageReader: (context) => new MessagesUsage(context),
  // Claude Code reports 403 as a failed authentication, and retries after 400: a spent limit is 402.
  refusalStatus: ({ status }) => status,
  errorBody: (message, status) => ({ type: "error", error: { type: errorTypes[status] ?? "api_error", message } }),
};

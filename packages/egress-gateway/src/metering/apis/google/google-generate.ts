import type { MeteredApi } from "../../metered-api.ts";
import { readGenerateRequest } from "./generate-request.ts";
import { GenerateUsage } from "./generate-usage.ts";

const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  402: "FAILED_PRECONDITION",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Gemini's API: the path has the model and the method. */
export const googleGenerate: MeteredApi = {
  costs: /^\/v1(alpha|beta)?\/models\/[^/:]+:(generateContent|streamGenerateContent)$/,
  isFree: /^\/v1(alpha|beta)?\/models\/[^/:]+:countTokens$/,
  // Others leave parts of the answer out, the usage too, or word it in another form.
  refusesQuery: (query) => (/^(\?(alt=(sse|json))?)?$/.test(query) ? undefined : "only alt=sse is accepted as a query"),
  readRequest: readGenerateRequest,
  countsAtEnd: true,
  outputField: "generationConfig.maxOutputTokens",
  usageReader: (context) => new GenerateUsage(context),
  // Tried with Gemini CLI 0.61.0: it shows 402 and 403 at once, and sends a request again for minutes for 5xx.
  refusalStatus: ({ status, retry }) => (retry === false && status >= 500 ? 400 : status),
  errorBody: (message, status) => ({ error: { code: status, message, status: statuses[status] ?? "UNKNOWN" } }),
};

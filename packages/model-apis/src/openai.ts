import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import { openaiPrices } from "./prices/openai-prices.ts";

const upstream = "https://api.openai.com/v1";
const baseUrlVariable = "OPENAI_BASE_URL";

/** OpenAI's Responses API. Its base URL has a version, `https://api.openai.com/v1`, so the paths have none. */
export const openaiResponsesEndpoint = {
  id: "openai",
  upstream,
  baseUrlVariable,
  paths: [
    { method: "POST", path: "/responses" },
    { method: "GET", path: "/models" },
  ],
  api: "openai-responses",
  prices: openaiPrices,
} as const satisfies ModelEndpoint;

/** OpenAI's Chat Completions API, and the many servers that speak it too. Its base URL has a version. */
export const openaiChatEndpoint = {
  id: "openai-chat",
  upstream,
  baseUrlVariable,
  paths: [
    { method: "POST", path: "/chat/completions" },
    { method: "GET", path: "/models" },
  ],
  api: "openai-chat",
  prices: openaiPrices,
} as const satisfies ModelEndpoint;

/** The key for {@link openaiResponsesEndpoint}. */
export const openaiApiKey: CredentialSpec = {
  variable: "OPENAI_API_KEY",
  kind: "api-key",
  endpointId: openaiResponsesEndpoint.id,
  header: "authorization",
  scheme: "Bearer",
  placeholder: "sk-proj-glovebox-placeholder",
};

/** The same key for {@link openaiChatEndpoint}. */
export const openaiChatApiKey: CredentialSpec = { ...openaiApiKey, endpointId: openaiChatEndpoint.id };

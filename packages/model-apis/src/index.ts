export { anthropicApiKey, anthropicAuthToken, anthropicEndpoint } from "./anthropic.ts";
export { geminiApiKey, geminiEndpoint, googleApiKey } from "./gemini.ts";
export { openaiApiKey, openaiChatApiKey, openaiChatEndpoint, openaiResponsesEndpoint } from "./openai.ts";
export { anthropicPrices } from "./prices/anthropic-prices.ts";
export { geminiPrices } from "./prices/gemini-prices.ts";
export { openaiPrices } from "./prices/openai-prices.ts";

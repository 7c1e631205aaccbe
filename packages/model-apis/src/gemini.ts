import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import { geminiPrices } from "./prices/gemini-prices.ts";

/** Gemini's API. Its base URL has no version: `https://generativelanguage.googleapis.com`. */
export const geminiEndpoint = {
  id: "gemini",
  upstream: "https://generativelanguage.googleapis.com",
  baseUrlVariable: "GOOGLE_GEMINI_BASE_URL",
  paths: [
    { method: "POST", path: "/v1beta/models/*:generateContent" },
    { method: "POST", path: "/v1beta/models/*:streamGenerateContent" },
    { method: "POST", path: "/v1beta/models/*:countTokens" },
    { method: "GET", path: "/v1beta/models" },
    { method: "GET", path: "/v1beta/models/*" },
  ],
  api: "google-generate",
  prices: geminiPrices,
} as const satisfies ModelEndpoint;

/** A key of Google AI Studio. */
export const geminiApiKey: CredentialSpec = {
  variable: "GEMINI_API_KEY",
  kind: "api-key",
  endpointId: geminiEndpoint.id,
  header: "x-goog-api-key",
  placeholder: "AIzaSy-glovebox-placeholder",
};

/** The same key under the other name that Google's programs read. */
export const googleApiKey: CredentialSpec = { ...geminiApiKey, variable: "GOOGLE_API_KEY" };

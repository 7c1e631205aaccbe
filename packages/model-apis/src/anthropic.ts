import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import { anthropicPrices } from "./prices/anthropic-prices.ts";

/** Anthropic's Messages API. Its base URL has no version: `https://api.anthropic.com`. */
export const anthropicEndpoint = {
  id: "anthropic",
  upstream: "https://api.anthropic.com",
  baseUrlVariable: "ANTHROPIC_BASE_URL",
  paths: [
    { method: "POST", path: "/v1/messages" },
    { method: "POST", path: "/v1/messages/count_tokens" },
    { method: "GET", path: "/v1/models" },
    { method: "HEAD", path: "/" },
  ],
  api: "anthropic-messages",
  prices: anthropicPrices,
} as const satisfies ModelEndpoint;

/** A key of the Anthropic Console. */
export const anthropicApiKey: CredentialSpec = {
  variable: "ANTHROPIC_API_KEY",
  kind: "api-key",
  endpointId: anthropicEndpoint.id,
  header: "x-api-key",
  placeholder: "sk-ant-api03-glovebox-placeholder",
};

/** A token for a server that speaks the Messages API. */
export const anthropicAuthToken: CredentialSpec = {
  variable: "ANTHROPIC_AUTH_TOKEN",
  kind: "auth-token",
  endpointId: anthropicEndpoint.id,
  header: "authorization",
  scheme: "Bearer",
  placeholder: "glovebox-placeholder",
};

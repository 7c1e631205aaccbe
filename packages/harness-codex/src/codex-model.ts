import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import { openaiApiKey, openaiResponsesEndpoint } from "@glovebox/model-apis";

/** The only request that Codex needs: with a provider of one's own it asks for no list of models. */
export const codexEndpoint: ModelEndpoint = {
  ...openaiResponsesEndpoint,
  paths: [{ method: "POST", path: "/responses" }],
};

/** Where Codex works for a ChatGPT subscription. Tried with the pinned version: the requests are the same as to the API. */
export const chatgptEndpoint: ModelEndpoint = {
  ...codexEndpoint,
  id: "chatgpt",
  upstream: "https://chatgpt.com/backend-api/codex",
  // Not OPENAI_BASE_URL: a subscription's token must not go to a server that is meant for a key.
  baseUrlVariable: "CODEX_CHATGPT_BASE_URL",
};

/** The variables that may hold the key on the host. Inside, Codex reads the first one, whichever that is. */
export const codexCredentials: readonly CredentialSpec[] = [
  openaiApiKey,
  { ...openaiApiKey, variable: "CODEX_API_KEY" },
];

/** The login of Codex on the host. Inside, Codex sends the placeholder of the key instead. */
export const codexLogins: readonly CredentialSpec[] = [
  {
    ...openaiApiKey,
    variable: "CODEX_CHATGPT_LOGIN",
    kind: "oauth-token",
    endpointId: chatgptEndpoint.id,
    login: "codex",
  },
];

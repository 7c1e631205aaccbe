import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import { openaiApiKey, openaiResponsesEndpoint } from "@glovebox/model-apis";

/** The only request that Codex needs: with a provider of one's own it asks for no list of models. */
export const codexEndpoint: ModelEndpoint = {
  ...openaiResponsesEndpoint,
  paths: [{ method: "POST", path: "/responses" }],
};

/** The variables that may hold the key on the host. Inside, Codex reads the first one, whichever that is. */
export const codexCredentials: readonly CredentialSpec[] = [
  openaiApiKey,
  { ...openaiApiKey, variable: "CODEX_API_KEY" },
];

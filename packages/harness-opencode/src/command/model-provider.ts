import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import {
  anthropicApiKey,
  anthropicEndpoint,
  openaiApiKey,
  openaiChatApiKey,
  openaiChatEndpoint,
  openaiResponsesEndpoint,
} from "@glovebox/model-apis";

/** A provider of models, as OpenCode's configuration calls one, and the endpoint that it uses. */
export interface ModelProvider {
  /** The name in OpenCode's configuration and before the slash in its names of models. */
  readonly id: string;
  readonly endpoint: ModelEndpoint;
  readonly credential: CredentialSpec;
  /** OpenCode's adapter. Each is part of its binary: nothing is downloaded. */
  readonly adapter: string;
  /** What the adapter expects after the endpoint's base URL. */
  readonly basePath: string;
  /** The prefix of a model's name that means this provider, and that the API does not know. */
  readonly prefix: string;
  readonly defaultModel: string;
}

const anthropic: ModelProvider = {
  id: "anthropic",
  endpoint: anthropicEndpoint,
  credential: anthropicApiKey,
  adapter: "@ai-sdk/anthropic",
  basePath: "/v1",
  prefix: "anthropic/",
  defaultModel: "claude-sonnet-5",
};

// Neither is called `openai`: OpenCode uses the Responses API for whatever has that name, and bounds no answer there, so that a
// budget has to reserve all that the model can write.
const openaiChat: ModelProvider = {
  id: "openai-chat",
  endpoint: openaiChatEndpoint,
  credential: openaiChatApiKey,
  adapter: "@ai-sdk/openai-compatible",
  basePath: "",
  prefix: "openai/",
  defaultModel: "gpt-4.1",
};

const openaiResponses: ModelProvider = {
  id: "openai-responses",
  endpoint: openaiResponsesEndpoint,
  credential: openaiApiKey,
  adapter: "@ai-sdk/openai",
  basePath: "",
  prefix: "openai/",
  defaultModel: "gpt-5.6",
};

/** Returns the providers in the order in which their keys are looked for. */
export function modelProviders(openaiApi: "chat" | "responses"): readonly ModelProvider[] {
  return [anthropic, openaiApi === "chat" ? openaiChat : openaiResponses];
}

import type { ModelApi } from "@glovebox/core/provider";
import { anthropicBedrock, anthropicVertex } from "./apis/anthropic/anthropic-clouds.ts";
import { anthropicMessages } from "./apis/anthropic/anthropic-messages.ts";
import { googleGenerate } from "./apis/google/google-generate.ts";
import { openaiChat } from "./apis/openai/openai-chat.ts";
import { openaiResponses } from "./apis/openai/openai-responses.ts";
import type { MeteredApi } from "./metered-api.ts";

/** Every API whose usage can be read. */
export const meteredApis: Readonly<Record<ModelApi, MeteredApi>> = {
  "anthropic-messages": anthropicMessages,
  "anthropic-bedrock": anthropicBedrock,
  "anthropic-vertex": anthropicVertex,
  "openai-responses": openaiResponses,
  "openai-chat": openaiChat,
  "google-generate": googleGenerate,
};

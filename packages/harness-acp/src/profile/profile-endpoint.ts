import type { CredentialSpec, ModelEndpoint } from "@glovebox/core/harness";
import { dropUndefined } from "@glovebox/core/provider";
import {
  anthropicApiKey,
  anthropicAuthToken,
  anthropicEndpoint,
  geminiApiKey,
  geminiEndpoint,
  openaiApiKey,
  openaiChatApiKey,
  openaiChatEndpoint,
  openaiResponsesEndpoint,
} from "@glovebox/model-apis";
import type { AgentProfile } from "./agent-profile.ts";

/** A model's API and the credentials for it. */
export interface ProfileEndpoint {
  readonly endpoint: ModelEndpoint;
  /** At least one. */
  readonly credentials: readonly [CredentialSpec, ...CredentialSpec[]];
}

const shared = {
  anthropic: { endpoint: anthropicEndpoint, credentials: [anthropicApiKey, anthropicAuthToken] },
  openai: { endpoint: openaiResponsesEndpoint, credentials: [openaiApiKey] },
  "openai-chat": { endpoint: openaiChatEndpoint, credentials: [openaiChatApiKey] },
  gemini: { endpoint: geminiEndpoint, credentials: [geminiApiKey] },
} as const satisfies Readonly<Record<string, ProfileEndpoint>>;

/** The model's API of a profile. */
export function profileEndpoint({ endpoint }: AgentProfile): ProfileEndpoint {
  if (typeof endpoint === "string") return shared[endpoint];
  const { credentials, ...own } = endpoint;
  const [first, ...rest] = credentials.map((one) => ({ ...dropUndefined(one), endpointId: own.id }) as CredentialSpec);
  if (first === undefined) throw new Error("unreachable: the schema wants a credential");
  return { endpoint: dropUndefined(own) as ModelEndpoint, credentials: [first, ...rest] };
}

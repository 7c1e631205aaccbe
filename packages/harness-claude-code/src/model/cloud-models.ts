import type { CloudSpec, ModelEndpoint, ModelPrice, ModelPrices } from "@glovebox/core/harness";
import { anthropicPrices } from "@glovebox/model-apis";

/** What a regional endpoint of a cloud costs more than Anthropic's list. Global ones cost what the list says. */
const regionalFactor = 1.1;
/** How the ids of Bedrock's models begin: the model's own region, or a profile for several regions. */
const bedrockRegions = ["", "us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca."];

/** The names of models that the API's own list has under another form. */
function cloudPrefix(prefix: string): string {
  return prefix.replace(/^(claude-(?:opus|sonnet)-4)-(?:0|2025)$/, "$1-2025");
}

function dearer(price: ModelPrice, modelPrefix: string, factor: number): ModelPrice {
  const { inputUsd, outputUsd, cacheReadUsd, cacheWriteUsd, cacheWriteHourUsd = cacheWriteUsd, ...rest } = price;
  return {
    ...rest,
    modelPrefix,
    inputUsd: inputUsd * factor,
    outputUsd: outputUsd * factor,
    cacheReadUsd: cacheReadUsd * factor,
    cacheWriteUsd: cacheWriteUsd * factor,
    cacheWriteHourUsd: cacheWriteHourUsd * factor,
  };
}

/** By the ids that Bedrock has for models: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`. */
const bedrockPrices: ModelPrices = {
  asOf: anthropicPrices.asOf,
  models: unique(
    anthropicPrices.models.flatMap((price) => {
      const model = `anthropic.${cloudPrefix(price.modelPrefix)}`;
      return [
        dearer(price, `global.${model}`, 1),
        // Answers name the model without a region.
        dearer(price, cloudPrefix(price.modelPrefix), regionalFactor),
        ...bedrockRegions.map((region) => dearer(price, `${region}${model}`, regionalFactor)),
      ];
    }),
  ),
};

/** A location is not part of a model's id on Vertex AI: the prices are those of regional endpoints. */
const vertexPrices: ModelPrices = {
  asOf: anthropicPrices.asOf,
  models: unique(
    anthropicPrices.models.map((price) =>
      dearer(price, cloudPrefix(price.modelPrefix).replace(/-2025$/, "@2025"), regionalFactor),
    ),
  ),
};

function unique(prices: readonly ModelPrice[]): ModelPrice[] {
  const keys = prices.map(({ modelPrefix, speed, aboveInputTokens }) => `${modelPrefix} ${speed} ${aboveInputTokens}`);
  return prices.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
}

/** Tried with the pinned version: the names of sub-agents travel in the same header as to Anthropic's own API. */
const agentHeader = "x-claude-code-agent-id";

/**
 * How Bedrock's models may be called: most ids end in a version after a colon. Tried with the pinned version: it escapes the slash
 * of an ARN, and no colon. The account in an ARN may be empty.
 */
const bedrockModels = ["*", "*:*", "*%3A*", ...["*", ""].flatMap(arnsOf)];

function arnsOf(account: string): readonly string[] {
  return ["*", "*:*"].map((id) => `arn:*:bedrock:*:${account}:*%2F${id}`);
}

const bedrockEndpoint: ModelEndpoint = {
  id: "bedrock",
  upstream: "https://bedrock-runtime.us-east-1.amazonaws.com",
  baseUrlVariable: "ANTHROPIC_BEDROCK_BASE_URL",
  paths: bedrockModels.flatMap((model) => [
    { method: "POST", path: `/model/${model}/invoke` } as const,
    { method: "POST", path: `/model/${model}/invoke-with-response-stream` } as const,
  ]),
  api: "anthropic-bedrock",
  prices: bedrockPrices,
  agentHeader,
};

const vertexModel = "/projects/*/locations/*/publishers/anthropic/models/*";

const vertexEndpoint: ModelEndpoint = {
  id: "vertex",
  upstream: "https://us-east5-aiplatform.googleapis.com/v1",
  baseUrlVariable: "ANTHROPIC_VERTEX_BASE_URL",
  paths: [
    { method: "POST", path: `${vertexModel}:rawPredict` },
    { method: "POST", path: `${vertexModel}:streamRawPredict` },
  ],
  api: "anthropic-vertex",
  prices: vertexPrices,
  agentHeader,
};

export const cloudEndpoints: readonly ModelEndpoint[] = [bedrockEndpoint, vertexEndpoint];

/** Variables that name models: their ids differ from cloud to cloud. */
const modelVariables = [
  "ANTHROPIC_MODEL",
  "ANTHROPIC_SMALL_FAST_MODEL",
  "ANTHROPIC_DEFAULT_OPUS_MODEL",
  "ANTHROPIC_DEFAULT_SONNET_MODEL",
  "ANTHROPIC_DEFAULT_HAIKU_MODEL",
  "CLAUDE_CODE_SUBAGENT_MODEL",
];

export const claudeClouds: readonly CloudSpec[] = [
  {
    id: "amazon-bedrock",
    name: "Amazon Bedrock",
    variable: "CLAUDE_CODE_USE_BEDROCK",
    endpointId: bedrockEndpoint.id,
    env: { CLAUDE_CODE_SKIP_BEDROCK_AUTH: "1" },
    hostVariables: ["AWS_REGION", ...modelVariables],
  },
  {
    id: "google-vertex",
    name: "Google Vertex AI",
    variable: "CLAUDE_CODE_USE_VERTEX",
    endpointId: vertexEndpoint.id,
    env: { CLAUDE_CODE_SKIP_VERTEX_AUTH: "1" },
    hostVariables: ["CLOUD_ML_REGION", "ANTHROPIC_VERTEX_PROJECT_ID", ...modelVariables],
  },
];

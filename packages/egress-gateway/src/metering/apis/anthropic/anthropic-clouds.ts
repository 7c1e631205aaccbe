import type { MeteredApi } from "../../metered-api.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { readMessagesRequest } from "./messages-request.ts";
import { MessagesUsage } from "./messages-usage.ts";

/** How the ARN of a model, or of a profile of Amazon's own, begins: its id follows. */
const namingArn = /^arn:[^/]*:(?:foundation-model|inference-profile)\//;

/** The Messages API as a cloud has it: the path names the model, by an id that tells the price, and says whether the answer is streamed. */
function cloudApi(costs: RegExp, streamed: RegExp, isFree: RegExp): MeteredApi {
  return {
    ...anthropicMessages,
    costs,
    isFree,
    readRequest: (body, { path }) => {
      const model = costs.exec(path)?.[1]?.replaceAll("%3A", ":").replaceAll("%2F", "/").replace(namingArn, "");
      return model === undefined ? undefined : readMessagesRequest(body, { model, isStreamed: streamed.test(path) });
    },
    usageReader: (context) => new MessagesUsage(context, { isNamedByRequest: true }),
  };
}

/** Claude on Amazon Bedrock. */
export const anthropicBedrock: MeteredApi = cloudApi(
  /^\/model\/([^/]+)\/invoke(?:-with-response-stream)?$/,
  /\/invoke-with-response-stream$/,
  /^$/,
);

/** Claude on Google Vertex AI, which counts the tokens of a request under the name of a model. */
export const anthropicVertex: MeteredApi = cloudApi(
  /^\/projects\/[^/]+\/locations\/[^/]+\/publishers\/anthropic\/models\/(?!count-tokens:)([^/:]+):(?:rawPredict|streamRawPredict)$/,
  /:streamRawPredict$/,
  /\/models\/count-tokens:rawPredict$/,
);

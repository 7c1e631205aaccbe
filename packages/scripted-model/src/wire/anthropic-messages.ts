import { z } from "zod";
import { messageEvents, messageOf } from "./anthropic-message.ts";
import { bearerOf, type ModelWire } from "./model-wire.ts";

/** What is read of a request's body; everything else in it is ignored. */
const bodySchema = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  max_tokens: z.number().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ name: z.string() })).default([]),
});

const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};

/** What agents call the tool that writes a file. Titles and the like are asked for without it. */
const writeTool = /(^|_)write(_file)?$/i;

/** Anthropic's Messages API. */
export const anthropicMessages: ModelWire = {
  keyOf: (headers) => {
    const key = headers["x-api-key"];
    return typeof key === "string" ? key : bearerOf(headers);
  },
  read: (value) => {
    const { model, stream, messages, tools, max_tokens: maxTokens } = bodySchema.parse(value);
    const names = tools.map(({ name }) => name);
    return {
      api: "anthropic-messages",
      ...{ model, stream, messages, maxTokens, tools: names },
      opening: JSON.stringify(messages[0]?.content ?? ""),
      isSide: !names.some((name) => writeTool.test(name)),
      wantsJson: false,
    };
  },
  answer: messageOf,
  chunks: (turn, identity) =>
    messageEvents(turn, identity).map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  error: (status, message) => ({ type: "error", error: { type: errorTypes[status] ?? "api_error", message } }),
};

import { type JsonObject, jsonObject } from "../../json-object.ts";
import type { UsageReporting } from "../../metered-api.ts";
import { parseRequest } from "../../model-request.ts";

/**
 * A stream of Chat Completions reports its usage only if the request asks for it. The chunk that it adds for that has no
 * choices: a client that has not asked may read the first one without looking, so it does not get the chunk.
 */
export const chatReporting: UsageReporting = {
  ask(body) {
    const request = parseRequest(body);
    if (request?.stream !== true) return undefined;
    const { stream_options: options } = request;
    if (jsonObject(options).include_usage === true) return undefined;
    if ("stream_options" in request) {
      return Buffer.from(
        JSON.stringify({ ...request, stream_options: { ...jsonObject(options), include_usage: true } }),
      );
    }
    const start = body.indexOf("{") + 1;
    const reporting = Buffer.from('"stream_options":{"include_usage":true},');
    return Buffer.concat([body.subarray(0, start), reporting, body.subarray(start)]);
  },
  isOwn(data) {
    if (!/"choices"\s*:\s*\[\s*\]/.test(data)) return false;
    let chunk: JsonObject;
    try {
      chunk = jsonObject(JSON.parse(data));
    } catch {
      // What is no JSON is the upstream's own.
      return false;
    }
    return Array.isArray(chunk.choices) && chunk.choices.length === 0 && typeof chunk.usage === "object";
  },
};

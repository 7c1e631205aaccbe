import type { IncomingMessage } from "node:http";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { ResponseError } from "./response-error.ts";

/** A list of a thousand pods has some 10 MB. */
const maxBytes = 256 * 1024 * 1024;
const maxRefusalBytes = 64 * 1024;

/** The whole answer as text. Rejects with a `ResponseError` for one that is not a success, and when it breaks off. */
export async function readBody(response: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = response;
  if (statusCode < 200 || statusCode > 299) throw await refusalOf(response);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) {
      response.destroy();
      throw new SandboxUnavailableError(`The cluster's answer is larger than ${maxBytes} bytes`, {
        providerId: "kubernetes",
        retryable: false,
      });
    }
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString("utf8");
  // A page for people, with which some proxies answer anything.
  if (headers["content-type"]?.startsWith("text/html")) throw new ResponseError(404, headers, "");
  return text;
}

/** What an answer that is not a success says; its start, where it breaks off. */
export async function refusalOf(response: IncomingMessage): Promise<ResponseError> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size >= maxRefusalBytes) break;
    }
  } catch {
    // Its status says enough.
  }
  return new ResponseError(response.statusCode ?? 0, response.headers, Buffer.concat(pieces).toString("utf8"));
}

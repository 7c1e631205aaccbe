import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { ConnectFailure } from "./connect/connect-failure.ts";

/** The pieces of a body. Whoever stops before its end leaves the connection open, so that a failure can still be answered. */
export function bodyChunks(body: Readable): AsyncIterable<Buffer> {
  return body.iterator({ destroyOnReturn: false });
}

/** A request's whole body. Throws `resource_exhausted` for one that is larger. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bodyChunks(request)) {
    length += chunk.length;
    if (length > maxBytes) throw new ConnectFailure("resource_exhausted", `message is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Takes what a client still sends after it was refused: many read no answer before they have sent everything. */
export function discardBody(request: IncomingMessage): void {
  request.unpipe();
  request.resume();
}

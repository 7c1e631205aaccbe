import type { IncomingMessage } from "node:http";
import { ConnectFailure } from "./connect/connect-failure.ts";

/** A request's whole body. Throws `resource_exhausted` for one that is larger. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new ConnectFailure("resource_exhausted", `message is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

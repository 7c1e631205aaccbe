import { Readable } from "node:stream";
import { HttpError } from "../../access/http-error.ts";

/** The part of a tar archive that shows that it is one. */
const headLength = 512;

/** The bytes of an upload, as they come. Fails with 413 past the limit, and with 400 if they are no archive. */
export function uploadBody(body: ReadableStream<Uint8Array>, maxBytes: number): Readable {
  return Readable.from(checked(body, maxBytes), { objectMode: false });
}

async function* checked(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let head = Buffer.alloc(0);
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      if (head.length < headLength) head = Buffer.concat([head, value]).subarray(0, headLength);
      if (head.length === headLength && !isArchive(head)) throw noArchive();
      yield value;
    }
  } finally {
    // A client that has sent what is refused stops sending.
    await reader.cancel().catch(() => {});
  }
  if (!isArchive(head)) throw noArchive();
}

/** The problem of a body that is larger than allowed. */
export function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, "payload-too-large", `The body is larger than ${maxBytes} bytes`);
}

function noArchive(): HttpError {
  return new HttpError(400, "invalid-options", "The body is neither a tar archive nor one compressed with gzip");
}

function isArchive(head: Buffer): boolean {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return true;
  return head.length === headLength && head.toString("latin1", 257, 262) === "ustar";
}

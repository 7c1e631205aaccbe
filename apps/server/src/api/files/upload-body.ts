import { Readable, Transform } from "node:stream";
import { HttpError } from "../../access/http-error.ts";

/** Longer than the part of a tar archive that shows that it is one. */
const headLength = 512;

/** The bytes of an upload, as they come. Fails with 413 past the limit, and with 400 if they are no archive. */
export function uploadBody(body: ReadableStream<Uint8Array>, maxBytes: number): Readable {
  let bytes = 0;
  let head = Buffer.alloc(0);
  const check = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length;
      if (bytes > maxBytes) return callback(tooLarge(maxBytes));
      if (head.length < headLength) head = Buffer.concat([head, chunk]).subarray(0, headLength);
      if (head.length === headLength && !isArchive(head)) return callback(noArchive());
      callback(null, chunk);
    },
    flush(callback) {
      callback(isArchive(head) ? null : noArchive());
    },
  });
  // Node's own type of a web stream differs from the platform's in name alone.
  const source = Readable.fromWeb(body as import("node:stream/web").ReadableStream);
  source.on("error", (error) => check.destroy(error));
  check.on("close", () => source.destroy());
  return source.pipe(check);
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

import { Transform } from "node:stream";

/**
 * Replaces a secret by asterisks of the same length wherever it appears, also across chunks. Bytes pass at once: only an
 * end that may be the secret's beginning is held back until the next chunk.
 */
export function redactStream(secret: string): Transform {
  const needle = Buffer.from(secret);
  const mask = Buffer.alloc(needle.length, "*");
  let pending = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (needle.length === 0) return done(null, chunk);
      const bytes = Buffer.concat([pending, chunk]);
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length))
        mask.copy(bytes, at);
      const end = bytes.length - heldLength(bytes, needle);
      pending = bytes.subarray(end);
      done(null, bytes.subarray(0, end));
    },
    flush(done) {
      done(null, pending);
    },
  });
}

/** How many bytes at the end of `bytes` are the beginning of `needle`. */
function heldLength(bytes: Buffer, needle: Buffer): number {
  for (let length = Math.min(needle.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(needle.subarray(0, length))) return length;
  }
  return 0;
}

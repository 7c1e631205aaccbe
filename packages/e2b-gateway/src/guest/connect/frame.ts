import { ConnectFailure } from "./connect-failure.ts";

const headBytes = 5;
const endFlag = 0x02;
const compressedFlag = 0x01;

/** A message of a stream: a byte of flags, four of length, JSON. */
export function messageFrame(json: string): Buffer {
  return frame(0, json);
}

/** The last frame of a stream. */
export function endFrame(failure?: ConnectFailure): Buffer {
  return frame(endFlag, JSON.stringify(failure === undefined ? {} : { error: failure }));
}

function frame(flags: number, json: string): Buffer {
  const length = Buffer.byteLength(json);
  const bytes = Buffer.allocUnsafe(headBytes + length);
  bytes.writeUInt8(flags, 0);
  bytes.writeUInt32BE(length, 1);
  bytes.write(json, headBytes);
  return bytes;
}

/** The messages of a stream that a client sends. Throws for one that is too long, compressed or cut off. */
export async function* readFrames(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<string, void, undefined> {
  let chunks: Buffer[] = [];
  let waiting = 0;
  let needed = headBytes;
  for await (const chunk of body) {
    chunks.push(chunk);
    waiting += chunk.length;
    // What has come is put together only when a whole message is there.
    while (waiting >= needed) {
      const bytes = Buffer.concat(chunks, waiting);
      const length = bytes.readUInt32BE(1);
      if (length > maxBytes)
        throw new ConnectFailure("resource_exhausted", `message size ${length} is larger than ${maxBytes}`);
      needed = headBytes + length;
      if (waiting < needed) {
        chunks = [bytes];
        break;
      }
      const flags = bytes.readUInt8(0);
      if (flags & compressedFlag) throw new ConnectFailure("unimplemented", "compressed messages are not supported");
      if (!(flags & endFlag)) yield bytes.toString("utf8", headBytes, needed);
      chunks = [bytes.subarray(needed)];
      waiting -= needed;
      needed = headBytes;
    }
  }
  if (waiting > 0) throw new ConnectFailure("invalid_argument", "protocol error: incomplete envelope");
}

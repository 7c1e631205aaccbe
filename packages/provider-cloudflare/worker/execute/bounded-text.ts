/** Returns the first `maxBytes` of a stream as text. Drains and drops the rest, so that the writer never blocks. */
export async function boundedText(stream: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let room = maxBytes;
  for await (const part of stream ?? []) {
    if (room > 0) parts.push(part.subarray(0, room));
    room -= part.byteLength;
  }
  return new Blob(parts).text();
}

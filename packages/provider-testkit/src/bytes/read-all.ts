/** Everything that a stream gives. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Buffer[] = [];
  // Copied: a stream may use its memory again.
  for await (const piece of stream) read.push(Buffer.from(piece));
  return Buffer.concat(read);
}

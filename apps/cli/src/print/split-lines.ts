/** Of a longer line the rest is dropped: no screen shows it, and a file may be one line of gigabytes. */
const longestLineBytes = 64 * 1024;

/** The lines of a byte stream as text, without their ends, in bounded memory. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let size = 0;
  const keep = (piece: Buffer) => {
    if (size < longestLineBytes) pieces.push(piece.subarray(0, longestLineBytes - size));
    size += piece.length;
  };
  const take = () => {
    const rest = size > longestLineBytes ? `… +${size - longestLineBytes} bytes` : "";
    const line = Buffer.concat(pieces).toString("utf8") + rest;
    pieces = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (size > 0) yield take();
}

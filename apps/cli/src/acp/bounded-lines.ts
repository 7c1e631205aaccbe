const newline = 0x0a;
const mebibyte = 1024 * 1024;
/** The protocol's library ends the connection at a line of 32 MiB. */
const longestLine = 31 * mebibyte;
/** Is answered as an invalid request, with this text. */
const replacement = Buffer.from(JSON.stringify(`The message is longer than ${longestLine / mebibyte} MiB`));

/** Replaces a line that is too long to be read by one that is refused, so that the connection survives it. */
export function boundedLines(most: number = longestLine): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  let pieces: Uint8Array[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      for (let start = 0; start < chunk.length; ) {
        const at = chunk.indexOf(newline, start);
        const end = at === -1 ? chunk.length : at + 1;
        const piece = chunk.subarray(start, end);
        start = end;
        length += piece.length;
        if (length > most) pieces = [];
        else pieces.push(piece);
        if (at === -1) continue;
        controller.enqueue(length > most ? Buffer.concat([replacement, Buffer.from("\n")]) : Buffer.concat(pieces));
        length = 0;
        pieces = [];
      }
    },
    flush(controller) {
      if (length > 0) controller.enqueue(length > most ? replacement : Buffer.concat(pieces));
    },
  });
}

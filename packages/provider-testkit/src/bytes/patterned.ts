const pieceBytes = 1024 * 1024;

/** A large body of which no two pieces are alike, made as it is read. */
export class Patterned {
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (let at = 0; at < piece.length; at += 1) piece[at] = (at * 31) & 0xff;
    for (let at = 0, left = this.bytes; left > 0; at += 1, left -= pieceBytes) {
      // A copy: who is given a piece may hold it for as long as it likes.
      const fresh = Buffer.from(piece.subarray(0, Math.min(left, pieceBytes)));
      if (fresh.length >= 4) fresh.writeUInt32BE(at);
      yield fresh;
    }
  }
}

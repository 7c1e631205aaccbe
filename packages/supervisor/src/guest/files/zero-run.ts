/** How many zero bytes a stream ends with so far. */
export class ZeroRun {
  length = 0;

  add(piece: Uint8Array): void {
    let at = piece.length;
    while (at > 0 && piece[at - 1] === 0) at -= 1;
    this.length = at === 0 ? this.length + piece.length : piece.length - at;
  }

  addZeros(count: number): void {
    this.length += count;
  }
}

const lineFeed = 10;
/** The most of a stream that is kept back until an event is whole. A longer event passes as it is. */
const maxPendingBytes = 1024 * 1024;

/** Takes events out of a stream of server-sent events. All others pass as they came, byte for byte. */
export class UsageFilter {
  readonly #isDropped: (data: string) => boolean;
  #pending: Buffer = Buffer.alloc(0);
  #isBlind = false;

  /** `isDropped`: by the data of an event. */
  constructor(isDropped: (data: string) => boolean) {
    this.#isDropped = isDropped;
  }

  push(chunk: Buffer): Buffer {
    if (this.#isBlind) return chunk;
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const kept: Buffer[] = [];
    let start = 0;
    for (let end = endOfEvent(bytes, start); end > 0; end = endOfEvent(bytes, start)) {
      const event = bytes.subarray(start, end);
      if (!this.#isDropped(dataOf(event))) kept.push(event);
      start = end;
    }
    this.#pending = bytes.subarray(start);
    this.#isBlind = this.#pending.length > maxPendingBytes;
    return Buffer.concat(this.#isBlind ? [...kept, this.end()] : kept);
  }

  /** What was kept back: nothing follows that would make it an event. */
  end(): Buffer {
    const rest = this.#pending;
    this.#pending = Buffer.alloc(0);
    return rest;
  }
}

/** Where the event that begins at `start` ends, after its empty line; 0 where it is not whole. */
function endOfEvent(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(lineFeed, start); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === lineFeed) return at + 3;
  }
  return 0;
}

function dataOf(event: Buffer): string {
  const lines = event.toString("utf8").split(/\r?\n/);
  return lines.flatMap((line) => (line.startsWith("data:") ? line.slice(5) : [])).join("\n");
}

import type { OutputName } from "./output-name.ts";

interface Entry {
  readonly stream: OutputName;
  readonly offset: number;
  readonly buffer: Buffer;
  readonly start: number;
  /** Where it ends in the buffer: small pieces of one stream grow the entry before them. */
  end: number;
}

export type OutputPiece =
  | { readonly kind: "bytes"; readonly stream: OutputName; readonly bytes: Buffer }
  | { readonly kind: "gap"; readonly bytes: number }
  /** Nothing more for now. */
  | { readonly kind: "wait" }
  | { readonly kind: "end"; readonly cut: boolean };

export interface OutputReader {
  next(): OutputPiece;
  /** Resolves when `next` may have more to give. */
  readonly changed: () => Promise<void>;
  close(): void;
}

export interface OutputLogOptions {
  /** With it, what an open reader has not read is never dropped: the source is asked to pause instead. */
  readonly lossless: boolean;
  /** The most that is kept, in bytes, asked for each time. */
  readonly capacityBytes: () => number;
  readonly onPressure: (paused: boolean) => void;
}

/** What an entry costs beyond its bytes, so that a flood of tiny pieces is bounded too. */
const entryCost = 128;
const blockBytes = 16 * 1024;
const pieceBytes = 256 * 1024;

/** The last output of one process, both streams in the order in which they were read, for any number of readers. */
export class OutputLog {
  readonly #options: OutputLogOptions;
  readonly #readers = new Set<{ position: number; wake: () => void }>();
  #entries: Entry[] = [];
  /** The first entry that is kept; those before it wait to be cut off in one go. */
  #first = 0;
  #cost = 0;
  #end = 0;
  #ended: { readonly cut: boolean } | undefined;
  #paused = false;
  #block = Buffer.alloc(0);
  #blockUsed = 0;

  constructor(options: OutputLogOptions) {
    this.#options = options;
  }

  /** The offset behind the last byte. */
  get end(): number {
    return this.#end;
  }

  get cost(): number {
    return this.#cost;
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  append(stream: OutputName, chunk: Buffer): void {
    if (chunk.length >= blockBytes / 2)
      this.#push({ stream, offset: this.#end, buffer: chunk, start: 0, end: chunk.length });
    else this.#appendSmall(stream, chunk);
    this.#cost += chunk.length;
    this.#end += chunk.length;
    this.#trim();
    this.#wakeReaders();
  }

  /** No more comes. */
  finish(cut: boolean): void {
    this.#ended ??= { cut };
    this.#wakeReaders();
  }

  /** Lets go of everything that is kept; readers see a gap. */
  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#cost = 0;
    this.#block = Buffer.alloc(0);
    this.#blockUsed = 0;
  }

  openReader(from: number): OutputReader {
    let wakeWaiter = (): void => {};
    const state = { position: from, wake: () => wakeWaiter() };
    this.#readers.add(state);
    return {
      next: () => this.#read(state),
      changed: () =>
        new Promise<void>((resolve) => {
          wakeWaiter = resolve;
        }),
      close: () => {
        if (this.#readers.delete(state)) this.#trim();
        wakeWaiter();
      },
    };
  }

  #read(state: { position: number }): OutputPiece {
    if (state.position >= this.#end)
      return this.#ended === undefined ? { kind: "wait" } : { kind: "end", cut: this.#ended.cut };
    const entry = this.#entries[this.#indexOf(state.position)];
    const from = entry?.offset ?? this.#end;
    if (entry === undefined || state.position < from) {
      const missed = from - state.position;
      state.position = from;
      return { kind: "gap", bytes: missed };
    }
    const start = entry.start + (state.position - from);
    const bytes = entry.buffer.subarray(start, Math.min(entry.end, start + pieceBytes));
    state.position += bytes.length;
    if (this.#paused) this.#trim();
    return { kind: "bytes", stream: entry.stream, bytes };
  }

  /** The entry that holds the offset, or the first one behind it. */
  #indexOf(offset: number): number {
    let low = this.#first;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && entry.offset + (entry.end - entry.start) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #appendSmall(stream: OutputName, chunk: Buffer): void {
    if (this.#blockUsed + chunk.length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(blockBytes);
      this.#blockUsed = 0;
    }
    const start = this.#blockUsed;
    this.#block.set(chunk, start);
    this.#blockUsed += chunk.length;
    const last = this.#entries.length > this.#first ? this.#entries.at(-1) : undefined;
    if (last?.stream === stream && last.buffer === this.#block && last.end === start) last.end = this.#blockUsed;
    else this.#push({ stream, offset: this.#end, buffer: this.#block, start, end: this.#blockUsed });
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    this.#cost += entryCost;
  }

  /** Drops the oldest above the capacity, and asks the source to pause when a reader still needs them. */
  #trim(): void {
    const capacity = this.#options.capacityBytes();
    const needed = this.#options.lossless && this.#readers.size > 0 ? this.#slowest() : Number.POSITIVE_INFINITY;
    for (
      let entry = this.#entries[this.#first];
      this.#cost > capacity && entry !== undefined;
      entry = this.#entries[this.#first]
    ) {
      const length = entry.end - entry.start;
      if (entry.offset + length > needed) break;
      this.#cost -= length + entryCost;
      this.#first += 1;
    }
    if (this.#first > 1024 || this.#first === this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    const paused = needed !== Number.POSITIVE_INFINITY && this.#cost > capacity;
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#options.onPressure(paused);
  }

  #slowest(): number {
    let slowest = Number.POSITIVE_INFINITY;
    for (const reader of this.#readers) slowest = Math.min(slowest, reader.position);
    return slowest;
  }

  #wakeReaders(): void {
    for (const reader of this.#readers) reader.wake();
  }
}

import { giveBlock, type OutputBlock, takeBlock } from "./output-block.ts";
import type { OutputName } from "./output-name.ts";

interface Entry {
  readonly stream: OutputName;
  readonly offset: number;
  readonly block: OutputBlock;
  readonly start: number;
  /** Where it ends in the block: further bytes of the same stream grow the entry before them. */
  end: number;
}

export type OutputPiece =
  /** A copy, behind as many free bytes as the reader asked for. */
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
  /** The block that is being filled. */
  #block: OutputBlock = takeBlock(0);

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
    for (let rest = chunk; rest.length > 0; ) rest = rest.subarray(this.#appendSome(stream, rest));
    this.#trim();
    this.#wakeReaders();
  }

  /** No more comes. */
  finish(cut: boolean): void {
    this.#ended ??= { cut };
    this.#wakeReaders();
  }

  /** Discards everything that is kept; readers see a gap. */
  clear(): void {
    for (let index = this.#first; index < this.#entries.length; index += 1) this.#release(this.#entries[index]);
    this.#entries = [];
    this.#first = 0;
    this.#cost = 0;
  }

  openReader(from: number, headroomBytes: number): OutputReader {
    let wakeWaiter = (): void => {};
    const state = { position: from, wake: () => wakeWaiter() };
    this.#readers.add(state);
    return {
      next: () => this.#read(state, headroomBytes),
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

  #read(state: { position: number }, headroomBytes: number): OutputPiece {
    if (state.position >= this.#end)
      return this.#ended === undefined ? { kind: "wait" } : { kind: "end", cut: this.#ended.cut };
    const entry = this.#entries[this.#indexOf(state.position)];
    const from = entry?.offset ?? this.#end;
    if (entry === undefined || state.position < from) {
      const missed = from - state.position;
      state.position = from;
      return { kind: "gap", bytes: missed };
    }
    const bytes = this.#copy(state.position, entry.stream, headroomBytes);
    state.position += bytes.length - headroomBytes;
    if (this.#paused) this.#trim();
    return { kind: "bytes", stream: entry.stream, bytes };
  }

  /** What one stream wrote from the offset on until the other did. */
  #copy(offset: number, stream: OutputName, headroomBytes: number): Buffer {
    const slices: Buffer[] = [Buffer.allocUnsafe(headroomBytes)];
    let length = 0;
    for (let index = this.#indexOf(offset); length < pieceBytes; index += 1) {
      const entry = this.#entries[index];
      if (entry?.stream !== stream) break;
      const start = entry.start + (offset + length - entry.offset);
      const slice = entry.block.memory.subarray(start, Math.min(entry.end, start + pieceBytes - length));
      slices.push(slice);
      length += slice.length;
    }
    return Buffer.concat(slices, headroomBytes + length);
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

  /** Takes as many bytes as the current block has room for; gives their number. */
  #appendSome(stream: OutputName, chunk: Buffer): number {
    if (this.#block.used === this.#block.memory.length) {
      const full = this.#block;
      this.#block = takeBlock(this.#end);
      if (full.entries === 0) giveBlock(full);
    }
    const block = this.#block;
    const start = block.used;
    const taken = chunk.copy(block.memory, start);
    block.used += taken;
    const last = this.#entries.length > this.#first ? this.#entries.at(-1) : undefined;
    if (last?.stream === stream && last.block === block) last.end = block.used;
    else {
      this.#entries.push({ stream, offset: this.#end, block, start, end: block.used });
      block.entries += 1;
      this.#cost += entryCost;
    }
    this.#cost += taken;
    this.#end += taken;
    return taken;
  }

  #release(entry: Entry | undefined): void {
    if (entry === undefined) return;
    entry.block.entries -= 1;
    if (entry.block.entries === 0 && entry.block !== this.#block) giveBlock(entry.block);
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
      this.#release(entry);
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

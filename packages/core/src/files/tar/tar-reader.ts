import { damaged, parseTarHeader, type TarHeader, tarBlockBytes, untilNul } from "./tar-header.ts";

export type TarEntryKind = "file" | "directory" | "symlink" | "hard-link" | "device" | "fifo" | "unknown";

export interface TarEntry {
  readonly path: Buffer;
  readonly kind: TarEntryKind;
  readonly mode: number;
  /** Of the content that follows, in bytes. */
  readonly size: number;
  readonly modifiedSeconds: number;
  /** Of a symlink or hard link. */
  readonly target: Buffer;
  /** Why the sandbox's side left it out. */
  readonly skipped?: string;
}

/** Hears what the archive holds, in its order. What it throws goes through `push`. */
export interface TarHandler {
  onEntry(entry: TarEntry): void;
  /** A piece of the last entry's content; only valid during the call. */
  onContent(bytes: Buffer): void;
  /** The last entry's content was complete. */
  onEntryEnd(): void;
}

/** The longest name or set of pax records that is believed. */
const maxMetaBytes = 1024 * 1024;
/** How many headers may describe one entry. */
const maxMetaHeaders = 16;

const kinds: Readonly<Record<string, TarEntryKind>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hard-link",
  "2": "symlink",
  "3": "device",
  "4": "device",
  "5": "directory",
  "6": "fifo",
};

/**
 * Reads a tar stream that nobody vouches for: ustar, pax and GNU's long names. It works synchronously on the bytes it is
 * given and keeps at most one header and one set of records. Names stay bytes, because a name that is no UTF-8 must be
 * distinguished from one that is, and every length is checked before it is believed; both are why it is not a library's.
 */
export class TarReader {
  readonly #handler: TarHandler;
  readonly #block = Buffer.alloc(tarBlockBytes);
  #blockFill = 0;
  #contentLeft = 0;
  #paddingLeft = 0;
  #inEntry = false;
  #zeroBlocks = 0;
  #meta: Buffer[] | undefined;
  #metaType = "";
  #metaHeaders = 0;
  #longName: Buffer | undefined;
  #longLink: Buffer | undefined;
  #records = new Map<string, Buffer>();

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** Whether the archive's end was seen. What follows it is not read. */
  get ended(): boolean {
    return this.#zeroBlocks >= 2;
  }

  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length && !this.ended) {
      if (this.#contentLeft > 0) offset += this.#takeContent(chunk, offset);
      else if (this.#paddingLeft > 0) offset += this.#takePadding(chunk.length - offset);
      else offset += this.#takeHeader(chunk, offset);
    }
  }

  #takeContent(chunk: Buffer, offset: number): number {
    const length = Math.min(this.#contentLeft, chunk.length - offset);
    const piece = chunk.subarray(offset, offset + length);
    this.#contentLeft -= length;
    if (this.#meta === undefined) this.#handler.onContent(piece);
    else this.#meta.push(Buffer.from(piece));
    if (this.#contentLeft === 0) this.#endContent();
    return length;
  }

  #takePadding(available: number): number {
    const length = Math.min(this.#paddingLeft, available);
    this.#paddingLeft -= length;
    return length;
  }

  #takeHeader(chunk: Buffer, offset: number): number {
    const length = Math.min(tarBlockBytes - this.#blockFill, chunk.length - offset);
    if (length === tarBlockBytes) {
      this.#header(chunk.subarray(offset, offset + tarBlockBytes));
      return length;
    }
    chunk.copy(this.#block, this.#blockFill, offset, offset + length);
    this.#blockFill += length;
    if (this.#blockFill === tarBlockBytes) {
      this.#blockFill = 0;
      this.#header(this.#block);
    }
    return length;
  }

  #header(block: Buffer): void {
    const header = parseTarHeader(block);
    if (header === null) {
      this.#zeroBlocks += 1;
      return;
    }
    if (this.#zeroBlocks > 0) throw damaged("it continues after a block of zeros");
    if ("xgLK".includes(header.type)) this.#beginMeta(header);
    else this.#beginEntry(header);
    if (this.#contentLeft === 0) this.#endContent();
  }

  #beginMeta(header: TarHeader): void {
    this.#metaHeaders += 1;
    if (this.#metaHeaders > maxMetaHeaders) throw damaged("too many headers describe one entry");
    if (header.size > maxMetaBytes) throw damaged("a header is larger than 1 MiB");
    this.#meta = [];
    this.#metaType = header.type;
    this.#expect(header.size);
  }

  #beginEntry(header: TarHeader): void {
    // Sparse files of GNU's old format are followed by blocks that only look like headers.
    if (header.type === "S") throw damaged("it holds a sparse file in GNU's old format");
    const records = this.#records;
    const size = records.has("size") ? decimal(records.get("size")) : header.size;
    const modified = Number(records.get("mtime")?.toString("latin1") ?? header.modifiedSeconds);
    const path = records.get("path") ?? this.#longName ?? header.name;
    const sparse = [...records.keys()].some((key) => key.startsWith("GNU.sparse."));
    const kind = sparse ? "unknown" : (kinds[header.type] ?? "unknown");
    const skipped = records.get("GLOVEBOX.skipped");
    this.#expect(size);
    this.#inEntry = true;
    this.#handler.onEntry({
      path,
      kind: kind === "file" && path.at(-1) === 0x2f ? "directory" : kind,
      mode: header.mode,
      size,
      modifiedSeconds: modified,
      target: records.get("linkpath") ?? this.#longLink ?? header.linkName,
      ...(skipped === undefined ? {} : { skipped: skipped.toString("utf8") }),
    });
    this.#metaHeaders = 0;
    this.#records = new Map();
    this.#longName = undefined;
    this.#longLink = undefined;
  }

  #expect(size: number): void {
    this.#contentLeft = size;
    this.#paddingLeft = (tarBlockBytes - (size % tarBlockBytes)) % tarBlockBytes;
  }

  #endContent(): void {
    if (this.#meta !== undefined) {
      const bytes = Buffer.concat(this.#meta);
      this.#meta = undefined;
      this.#endMeta(bytes);
    } else if (this.#inEntry) {
      this.#inEntry = false;
      this.#handler.onEntryEnd();
    }
  }

  #endMeta(bytes: Buffer): void {
    if (this.#metaType === "L") this.#longName = untilNul(bytes);
    else if (this.#metaType === "K") this.#longLink = untilNul(bytes);
    else if (this.#metaType === "x") parsePaxRecords(bytes, this.#records);
    // Global records ("g") could rename or resize everything that follows: they are read over.
  }
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself and the newline. */
function parsePaxRecords(bytes: Buffer, into: Map<string, Buffer>): void {
  let start = 0;
  while (start < bytes.length && bytes[start] !== 0) {
    const space = bytes.indexOf(0x20, start);
    const length = space < 0 ? Number.NaN : decimal(bytes.subarray(start, space));
    const end = start + length;
    const equals = bytes.indexOf(0x3d, space);
    const wellFormed = end <= bytes.length && bytes[end - 1] === 0x0a && equals > space && equals < end - 1;
    if (!wellFormed) throw damaged("a pax record is unreadable");
    into.set(bytes.toString("utf8", space + 1, equals), bytes.subarray(equals + 1, end - 1));
    start = end;
  }
}

function decimal(bytes: Buffer | undefined): number {
  const text = bytes?.toString("latin1") ?? "";
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw damaged("a pax record's number is unreadable");
  return value;
}

import { SandboxLostError } from "@glovebox/core/provider";
import { excludeRule } from "@glovebox/supervisor";

const blockBytes = 512;
/** The longest name or set of pax records that is believed. */
const maxMetaBytes = 1024 * 1024;
/** Headers that describe the next entry: pax records, and GNU's long names and link targets. */
const metaTypes = "xgLK";

/**
 * Takes entries out of an engine's archive, and counts those that stay. What stays is passed on as it came, in slices of
 * what is pushed: only the headers of an entry that is not decided on are held back. It judges nothing else; who reads
 * the archive does.
 */
export class ArchiveFilter {
  /** Entries that stayed, the directory itself not counted. */
  entries = 0;
  readonly #excluded: (path: string, name: string) => boolean;
  readonly #block = Buffer.alloc(blockBytes);
  #blockFill = 0;
  /** Of content with its padding. */
  #bodyLeft = 0;
  #keeps = true;
  #meta: { readonly type: string; readonly bytes: Buffer; fill: number } | undefined;
  #described: { path?: string; size?: number } = {};
  /** The headers of an entry that is not decided on, as far as they were pushed before. */
  #pending: Buffer[] = [];
  #zeroBlocks = 0;

  constructor(exclude: readonly string[]) {
    this.#excluded = excludeRule(exclude);
  }

  /** Whether the archive's end was seen. What follows it is left out. */
  get ended(): boolean {
    return this.#zeroBlocks >= 2;
  }

  /** Throws `lost` on what is no archive. */
  push(chunk: Buffer): Buffer[] {
    const passed: Buffer[] = [];
    let from = 0;
    let headers = 0;
    let at = 0;
    const pass = (to: number): void => {
      if (to > from) passed.push(chunk.subarray(from, to));
      from = to;
    };
    while (at < chunk.length && !this.ended) {
      if (this.#bodyLeft > 0) {
        const describes = this.#meta !== undefined;
        at += this.#takeBody(chunk.subarray(at, at + this.#bodyLeft));
        if (!describes) headers = at;
        if (!this.#keeps) from = at;
        continue;
      }
      const taken = chunk.copy(this.#block, this.#blockFill, at, at + blockBytes - this.#blockFill);
      at += taken;
      this.#blockFill += taken;
      if (this.#blockFill < blockBytes) continue;
      this.#blockFill = 0;
      if (this.#takeHeader() === "more") continue;
      if (this.#keeps) passed.push(...this.#pending);
      else {
        pass(headers);
        from = at;
      }
      this.#pending = [];
      headers = at;
    }
    pass(headers);
    if (!this.ended && at > headers) this.#pending.push(Buffer.from(chunk.subarray(headers)));
    return passed;
  }

  #takeBody(bytes: Buffer): number {
    this.#bodyLeft -= bytes.length;
    const meta = this.#meta;
    if (meta === undefined) return bytes.length;
    meta.fill += bytes.copy(meta.bytes, meta.fill);
    if (this.#bodyLeft > 0) return bytes.length;
    this.#meta = undefined;
    if (meta.type === "x") this.#takeRecords(meta.bytes);
    else if (meta.type === "L") this.#described.path = untilNul(meta.bytes);
    return bytes.length;
  }

  /** Whether more headers have to come before the entry is decided on. */
  #takeHeader(): "more" | "decided" {
    const block = this.#block;
    this.#keeps = true;
    if (block.every((byte) => byte === 0)) {
      this.#zeroBlocks += 1;
      return "decided";
    }
    const type = String.fromCharCode(block[156] ?? 0);
    const size = sizeOf(block);
    if (metaTypes.includes(type)) {
      if (size > maxMetaBytes) throw damaged();
      this.#bodyLeft = padded(size);
      this.#meta = { type, bytes: Buffer.alloc(size), fill: 0 };
      return "more";
    }
    this.#bodyLeft = padded(this.#described.size ?? size);
    const path = (this.#described.path ?? pathOf(block)).replace(/^(\.?\/)+|\/+$/g, "");
    this.#described = {};
    if (path === "" || path === ".") return "decided";
    this.#keeps = !this.#isExcluded(path);
    if (this.#keeps) this.entries += 1;
    return "decided";
  }

  /** By a rule for itself or for a directory above it. */
  #isExcluded(path: string): boolean {
    for (let start = 0; ; ) {
      const slash = path.indexOf("/", start);
      const end = slash < 0 ? path.length : slash;
      if (this.#excluded(path.slice(0, end), path.slice(start, end))) return true;
      if (slash < 0) return false;
      start = slash + 1;
    }
  }

  /** `LENGTH KEY=VALUE\n`, where the length counts itself and the newline. */
  #takeRecords(bytes: Buffer): void {
    for (let start = 0; start < bytes.length; ) {
      const space = bytes.indexOf(0x20, start);
      const equals = bytes.indexOf(0x3d, space);
      const end = start + Number(bytes.toString("latin1", start, space));
      if (space < 0 || equals < 0 || !(end > equals && end <= bytes.length)) throw damaged();
      const key = bytes.toString("latin1", space + 1, equals);
      const value = bytes.toString("utf8", equals + 1, end - 1);
      if (key === "path") this.#described.path = value;
      if (key === "size") this.#described.size = believable(Number(value));
      start = end;
    }
  }
}

function damaged(): SandboxLostError {
  return new SandboxLostError("The archive from the Docker engine is damaged", { providerId: "docker" });
}

function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

/** Octal text, or base 256 where the first bit is set. */
function sizeOf(block: Buffer): number {
  if (block[124] === 0x80) return believable(Number(block.readBigUInt64BE(128)));
  const text = untilNul(block.subarray(124, 136)).trim();
  return believable(/^[0-7]*$/.test(text) ? Number.parseInt(text || "0", 8) : Number.NaN);
}

function believable(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw damaged();
  return size;
}

function pathOf(block: Buffer): string {
  const name = untilNul(block.subarray(0, 100));
  const isPosix = block.toString("latin1", 257, 263) === "ustar\0";
  return isPosix && block[345] !== 0 ? `${untilNul(block.subarray(345, 500))}/${name}` : name;
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

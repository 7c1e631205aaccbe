import { SandboxLostError } from "../../errors/index.ts";

export const tarBlockBytes = 512;

/** A header block as it stands, before long names and pax records have their say. Names are bytes. */
export interface TarHeader {
  readonly type: string;
  readonly name: Buffer;
  readonly linkName: Buffer;
  readonly mode: number;
  readonly size: number;
  /** In seconds; not a number when the field is unreadable. */
  readonly modifiedSeconds: number;
}

/** Reads a header block. `null` for a block of zeros; `lost` when the checksum or the size are not those of a header. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  const checksum = parseNumber(block, 148, 8);
  const sums = sumBytes(block);
  if (sums.unsigned === 0) return null;
  if (checksum !== sums.unsigned + 256 && checksum !== sums.signed + 256) throw damaged("a header's checksum is wrong");
  const size = parseNumber(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) throw damaged("a header's size is unreadable");
  return {
    type: String.fromCharCode(block[156] ?? 0),
    name: fullName(block),
    linkName: untilNul(block.subarray(157, 257)),
    mode: parseNumber(block, 100, 8),
    size,
    modifiedSeconds: parseNumber(block, 136, 12),
  };
}

export function damaged(why: string): SandboxLostError {
  return new SandboxLostError(`The archive from the sandbox is damaged: ${why}`);
}

/** The two sums that tar writers use, the checksum's own field left out. */
function sumBytes(block: Buffer): { unsigned: number; signed: number } {
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < tarBlockBytes; index += 1) {
    if (index >= 148 && index < 156) continue;
    const byte = block[index] ?? 0;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return { unsigned, signed };
}

/** POSIX splits long names into prefix and name; GNU's own format uses the prefix's place for something else. */
function fullName(block: Buffer): Buffer {
  const name = untilNul(block.subarray(0, 100));
  if (block.toString("latin1", 257, 263) !== "ustar\0" || block[345] === 0) return Buffer.from(name);
  return Buffer.concat([untilNul(block.subarray(345, 500)), Buffer.from("/"), name]);
}

export function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal text, or base 256 when the first bit is set. Not a number when it is neither. */
function parseNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first === 0x80) {
    let value = 0;
    for (let index = start + 1; index < start + length; index += 1) value = value * 256 + (block[index] ?? 0);
    return value;
  }
  let value = 0;
  let index = start;
  const end = start + length;
  while (index < end && block[index] === 0x20) index += 1;
  for (; index < end; index += 1) {
    const byte = block[index] ?? 0;
    if (byte === 0 || byte === 0x20) break;
    if (byte < 0x30 || byte > 0x37) return Number.NaN;
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

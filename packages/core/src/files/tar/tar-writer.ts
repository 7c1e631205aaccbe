import { tarBlockBytes } from "./tar-header.ts";

export interface TarEntryToWrite {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  readonly mode: number;
  /** Of a file, in bytes. */
  readonly size: number;
  readonly modifiedMs: number;
  readonly target?: string;
}

const typeFlags = { file: "0", symlink: "2", directory: "5" } as const;
const maxOctalSize = 0o77777777777;

/** The header blocks of an entry, with pax records for what ustar has no room for. */
export function tarHeaderBytes(entry: TarEntryToWrite): Buffer {
  const path = entry.kind === "directory" ? `${entry.path}/` : entry.path;
  const records: Buffer[] = [];
  if (!fits(path, 100)) records.push(paxRecord("path", path));
  if (entry.target !== undefined && !fits(entry.target, 100)) records.push(paxRecord("linkpath", entry.target));
  if (entry.size > maxOctalSize) records.push(paxRecord("size", String(entry.size)));
  const header = headerBlock(path, typeFlags[entry.kind], entry);
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  const paxHeader = headerBlock("PaxHeader", "x", { mode: 0o644, size: body.length, modifiedMs: entry.modifiedMs });
  return Buffer.concat([paxHeader, body, tarPadding(body.length), header]);
}

/** The zeros that follow `size` bytes of content. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((tarBlockBytes - (size % tarBlockBytes)) % tarBlockBytes);
}

/** The end of an archive. */
export const tarEnd: Buffer = Buffer.alloc(2 * tarBlockBytes);

/** ASCII of at most `length` bytes needs no pax record. */
function fits(text: string, length: number): boolean {
  return text.length <= length && /^[\x20-\x7e]*$/.test(text);
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function headerBlock(
  path: string,
  type: string,
  entry: Pick<TarEntryToWrite, "mode" | "size" | "modifiedMs" | "target">,
): Buffer {
  const block = Buffer.alloc(tarBlockBytes);
  const octal = (value: number, offset: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, "0"), offset, digits, "latin1");
  block.write(path, 0, 100);
  octal(entry.mode & 0o7777, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(entry.size > maxOctalSize ? 0 : entry.size, 124, 11);
  octal(Math.min(Math.max(0, Math.floor(entry.modifiedMs / 1000)), maxOctalSize), 136, 11);
  block.write(type, 156, 1, "latin1");
  if (entry.target !== undefined) block.write(entry.target, 157, 100);
  block.write("ustar\0" + "00", 257, 8, "latin1");
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8, "latin1");
  return block;
}

/** One entry of an archive, byte for byte as the test wants it, however wrong. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly type?: string;
  readonly body?: string | Buffer;
  readonly size?: number;
  readonly mode?: number;
  readonly modifiedSeconds?: number;
  readonly link?: string | Buffer;
  readonly pax?: Readonly<Record<string, string | Buffer>>;
}

/** Archives built by hand, so that they can hold what no tar program would write. */
export function rawTar(entries: readonly RawEntry[], options: { readonly ending?: boolean } = {}): Buffer {
  const blocks = entries.flatMap(rawEntry);
  if (options.ending !== false) blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

export function rawEntry(entry: RawEntry): Buffer[] {
  const body = Buffer.from(entry.body ?? "");
  const blocks: Buffer[] = [];
  if (entry.pax !== undefined) {
    const records = Buffer.concat(Object.entries(entry.pax).map(([key, value]) => paxRecord(key, Buffer.from(value))));
    blocks.push(header("pax", "x", records.length, entry), pad(records));
  }
  blocks.push(header(entry.name, entry.type ?? "0", entry.size ?? body.length, entry), pad(body));
  return blocks;
}

export function paxRecord(key: string, value: Buffer): Buffer {
  const rest = 3 + Buffer.byteLength(key) + value.length;
  let length = rest;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from("\n")]);
}

export function pad(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

function header(name: string | Buffer, type: string, size: number, entry: RawEntry): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(name).copy(block, 0, 0, 100);
  block.write(`${(entry.mode ?? 0o644).toString(8).padStart(7, "0")}\0`, 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write(`${(entry.modifiedSeconds ?? 1_700_000_000).toString(8).padStart(11, "0")}\0`, 136);
  block.write(type, 156, "latin1");
  Buffer.from(entry.link ?? "").copy(block, 157, 0, 100);
  block.write("ustar\0" + "00", 257, "latin1");
  block.fill(" ", 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

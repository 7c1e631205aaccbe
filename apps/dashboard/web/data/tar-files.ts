const blockBytes = 512;
/** What a build makes again, and history, do not travel. */
const leftOut = /(?:^|\/)(?:\.git|node_modules)\//;
const encoder = new TextEncoder();

/** Packs files of a directory that the user has picked into a tar archive, without the directory's own name. */
export async function tarFiles(files: readonly File[]): Promise<{ archive: Blob; count: number }> {
  const parts: BlobPart[] = [];
  let count = 0;
  for (const file of files) {
    const path = file.webkitRelativePath.split("/").slice(1).join("/") || file.name;
    if (leftOut.test(path)) continue;
    count += 1;
    parts.push(...headersOf(path, file), file, new Uint8Array(padding(file.size)));
  }
  parts.push(new Uint8Array(2 * blockBytes));
  const stream = new Blob(parts).stream().pipeThrough(new CompressionStream("gzip"));
  return { archive: await new Response(stream).blob(), count };
}

/** A long path, or one that is not ASCII, comes first in a header of its own (pax). */
function headersOf(path: string, file: File): Uint8Array<ArrayBuffer>[] {
  const modifiedSeconds = Math.floor(file.lastModified / 1000);
  if (path.length <= 100 && /^[\x20-\x7e]*$/.test(path)) return [header(path, file.size, "0", modifiedSeconds)];
  const record = paxRecord("path", path);
  const padded = new Uint8Array(record.length + padding(record.length));
  padded.set(record);
  return [
    header("pax", record.length, "x", modifiedSeconds),
    padded,
    header("long-path", file.size, "0", modifiedSeconds),
  ];
}

/** A record starts with its own length, which counts its own digits. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length += 1;
  return encoder.encode(`${length} ${key}=${value}\n`);
}

function header(path: string, size: number, type: string, modifiedSeconds: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockBytes);
  const put = (text: string, at: number): void => block.set(encoder.encode(text), at);
  put(path, 0);
  put("0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${octal(size)}\0`, 124);
  put(`${octal(modifiedSeconds)}\0`, 136);
  put("        ", 148);
  put(type, 156);
  put("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function octal(value: number): string {
  return value.toString(8).padStart(11, "0");
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

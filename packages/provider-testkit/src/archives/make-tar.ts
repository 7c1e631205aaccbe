import { type Header, pack } from "tar-stream";

export interface TarEntry extends Partial<Header> {
  readonly name: string;
  readonly content?: string | Buffer;
}

/** An archive of just these entries, however hostile they are. */
export async function makeTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) archive.entry({ size: 0, ...header }).end(null);
    else archive.entry(header, content);
  }
  archive.finalize();
  const read: Buffer[] = [];
  archive.on("data", (piece) => read.push(piece as Buffer));
  await new Promise<void>((resolve, reject) => archive.on("end", resolve).on("error", reject));
  return Buffer.concat(read);
}

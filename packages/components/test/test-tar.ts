import { gzipSync } from "node:zlib";
import tar, { type Header } from "tar-stream";

export type TarInput = Partial<Header> & { readonly name: string; readonly body?: string | Buffer };

/** A tar of these entries, however odd their names. */
export async function testTar(entries: readonly TarInput[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { body, ...header } of entries) pack.entry(header, body ?? "");
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function testTarGz(entries: readonly TarInput[]): Promise<Buffer> {
  return gzipSync(await testTar(entries));
}

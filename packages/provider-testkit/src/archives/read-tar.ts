import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { extract, type Header } from "tar-stream";

/** An entry, as it came out of a sandbox. */
export interface ReadEntry {
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly linkname: string | undefined;
  readonly mtime: number;
  readonly uid: number;
  readonly gid: number;
  readonly sha256: string;
  /** Why it holds nothing. */
  readonly skipped: string | undefined;
}

/**
 * The entries by their paths, without a slash at the end and without the directory itself. Throws when the archive is
 * not whole.
 */
export async function readTar(stream: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, ReadEntry>> {
  const archive = extract();
  const feeding = feed(stream, archive);
  feeding.catch(() => {});
  const entries = new Map<string, ReadEntry>();
  try {
    for await (const entry of archive) {
      const { name, ...rest } = await readEntry(entry.header, entry as unknown as AsyncIterable<Buffer>);
      entries.set(name, rest);
    }
  } catch (error) {
    // What the stream itself threw says more.
    await feeding;
    assert.fail(`What came is no whole archive: ${(error as Error).message}`);
  }
  await feeding;
  entries.delete("");
  return entries;
}

async function readEntry(
  { name, type, mode, size, linkname, mtime, uid, gid, pax }: Partial<Header> & Pick<Header, "name">,
  body: AsyncIterable<Buffer>,
): Promise<ReadEntry & { readonly name: string }> {
  const hash = createHash("sha256");
  for await (const piece of body) hash.update(piece);
  return {
    name: name.replace(/^\.\//, "").replace(/\/$/, ""),
    type: type ?? "file",
    mode: mode ?? 0,
    size: size ?? 0,
    linkname: linkname ?? undefined,
    mtime: mtime?.getTime() ?? 0,
    uid: uid ?? 0,
    gid: gid ?? 0,
    sha256: hash.digest("hex"),
    skipped: (pax as Record<string, string> | null)?.["GLOVEBOX.skipped"],
  };
}

async function feed(stream: AsyncIterable<Uint8Array>, archive: ReturnType<typeof extract>): Promise<void> {
  try {
    for await (const piece of stream) {
      if (!archive.write(Buffer.from(piece)))
        await new Promise<void>((resolve) => archive.once("drain", () => resolve()));
    }
    archive.end(null);
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}

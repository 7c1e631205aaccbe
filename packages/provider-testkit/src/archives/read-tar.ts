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

/** The entries by their paths, without a slash at the end and without the folder itself. Throws when the archive is not whole. */
export async function readTar(stream: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, ReadEntry>> {
  const archive = extract();
  const feeding = feed(stream, archive);
  feeding.catch(() => {});
  const entries = new Map<string, ReadEntry>();
  for await (const entry of archive) {
    const hash = createHash("sha256");
    for await (const piece of entry as unknown as AsyncIterable<Buffer>) hash.update(piece);
    const { name, type, mode, size, linkname, mtime, uid, gid, pax } = entry.header as Partial<Header> &
      Pick<Header, "name">;
    entries.set(name.replace(/^\.\//, "").replace(/\/$/, ""), {
      type: type ?? "file",
      mode: mode ?? 0,
      size: size ?? 0,
      linkname: linkname ?? undefined,
      mtime: mtime?.getTime() ?? 0,
      uid: uid ?? 0,
      gid: gid ?? 0,
      sha256: hash.digest("hex"),
      skipped: (pax as Record<string, string> | null)?.["GLOVEBOX.skipped"],
    });
  }
  await feeding;
  entries.delete("");
  return entries;
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

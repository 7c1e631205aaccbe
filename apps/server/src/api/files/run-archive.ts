import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { ManifestEntry } from "@glovebox/core";
import type { BlobStore } from "@glovebox/store";
import { type Pack, pack } from "tar-stream";

/** The files of a run that ended at `mtime`, as a compressed tar archive, which is streamed. A blob that is missing breaks it off. */
export function runArchive(blobs: BlobStore, manifest: readonly ManifestEntry[], mtime: Date): Readable {
  const archive = pack();
  const compressed = createGzip();
  fill(archive, blobs, manifest, mtime).catch((error: Error) => archive.destroy(error));
  pipeline(archive, compressed).catch((error: Error) => compressed.destroy(error));
  return compressed;
}

async function fill(archive: Pack, blobs: BlobStore, manifest: readonly ManifestEntry[], mtime: Date): Promise<void> {
  for (const { path, kind, change, mode, size = 0, sha256, target } of manifest) {
    if (change === "deleted") continue;
    if (archive.destroyed) return;
    const header = { name: path, mode: Number.parseInt(mode, 8), mtime };
    if (kind === "directory") archive.entry({ ...header, type: "directory" });
    else if (kind === "symlink") archive.entry({ ...header, type: "symlink", linkname: target ?? "" });
    else if (sha256 !== undefined) await pipeline(await blobs.open(sha256), archive.entry({ ...header, size }));
  }
  archive.finalize();
}

import { realpath } from "node:fs/promises";
import { InvalidOptionsError } from "../../errors/index.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { safeName } from "../../text/safe-name.ts";
import { probeFilesystem } from "../paths/filesystem-traits.ts";
import { extractArchive } from "./extract-archive.ts";

/** How `unpackArchive` unpacks. */
export interface UnpackArchiveOptions {
  /** An empty directory. */
  readonly directory: string;
  /** The most that is written in all, in bytes. */
  readonly totalBytes: number;
  /** The most entries that the archive may have. Default: 1,000,000. */
  readonly maxEntries?: number;
  readonly signal?: AbortSignal;
}

/** What `unpackArchive` wrote. */
export interface UnpackedArchive {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes a tar archive that may come from anyone below a directory: all of it, or it rejects. Throws `invalid-options` for an archive
 * that would leave the directory, is past a limit, or has what cannot be written: a device, a repository, an unusable name.
 */
export async function unpackArchive(
  archive: AsyncIterable<Uint8Array>,
  { directory, totalBytes, maxEntries, signal }: UnpackArchiveOptions,
): Promise<UnpackedArchive> {
  const real = await realpath(directory);
  const { entries, skipped, repositories, bytes, complete, error } = await extractArchive(archive, {
    directory: real,
    traits: probeFilesystem(real),
    totalBytes,
    fileBytes: totalBytes,
    ignores: () => false,
    ...dropUndefined({ maxEntries, signal }),
  });
  if (error?.code === "aborted" || error?.code === "quota" || error?.code === "file") throw error;
  if (error !== undefined)
    throw new InvalidOptionsError(`The archive cannot be read: ${error.message}`, { cause: error });
  const [first] = skipped;
  if (first !== undefined) {
    throw new InvalidOptionsError(`${safeName(first.path)} in the archive cannot be unpacked: ${first.reason}`);
  }
  const [repository] = repositories;
  if (repository !== undefined) throw new InvalidOptionsError("The archive holds a git repository; leave .git out");
  if (!complete) throw new InvalidOptionsError("The archive is larger than allowed");
  return { files: entries.size, bytes };
}

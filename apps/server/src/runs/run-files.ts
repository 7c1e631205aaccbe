import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { RunResult } from "@glovebox/core";
import { streamHostFile } from "@glovebox/core/host-files";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { pack } from "tar-stream";

type Files = NonNullable<RunResult["files"]>;

/** Opens a file that a run has collected. Throws `not-found` for a path that its manifest does not have. */
export async function openRunFile(
  files: Files,
  path: string,
): Promise<{ readonly size: number; readonly body: Readable }> {
  const entry = files.manifest.find((one) => one.path === path && one.kind === "file" && one.change !== "deleted");
  const file = join(files.directory, path);
  // The path may hold something else by now.
  const info = entry && (await lstat(file).catch(() => undefined));
  if (info === undefined || !info.isFile()) throw new SandboxNotFoundError(`The run has no file ${path}`);
  return { size: info.size, body: Readable.from(streamHostFile(file, { noFollow: true })) };
}

/** Everything that a run has collected, as a compressed tar archive. */
export function archiveOf(files: Files): Readable {
  const archive = pack();
  const compressed = createGzip();
  const fill = async (): Promise<void> => {
    for (const { path, change } of files.manifest) {
      if (change === "deleted") continue;
      const file = join(files.directory, path);
      const info = await lstat(file).catch(() => undefined);
      if (info === undefined) continue;
      const header = { name: path, mode: info.mode & 0o7777, mtime: info.mtime };
      if (info.isDirectory()) archive.entry({ ...header, type: "directory" });
      else if (info.isSymbolicLink()) archive.entry({ ...header, type: "symlink", linkname: await readlink(file) });
      else if (info.isFile())
        await pipeline(streamHostFile(file, { noFollow: true }), archive.entry({ ...header, size: info.size }));
    }
    archive.finalize();
  };
  fill().catch((error: Error) => archive.destroy(error));
  pipeline(archive, compressed).catch((error: Error) => compressed.destroy(error));
  return compressed;
}

/** Converts a stream to the body of a response. */
export function asBody(stream: Readable): ReadableStream<Uint8Array> {
  // Node's own type of a web stream differs from the platform's in name alone.
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { SandboxError, SandboxFileError } from "../../errors/index.ts";
import type { Sandbox } from "../../provider/sandbox.ts";

export interface CollectArchiveOptions {
  /** In the sandbox. */
  readonly directory: string;
  /** Where the archive is written on the host. */
  readonly path: string;
  /** The largest archive that is taken, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Keeps a repository that git cannot read: all its files, in one tar archive that nothing on the host opens by itself. */
export async function collectArchive(sandbox: Sandbox, options: CollectArchiveOptions): Promise<void> {
  const { directory, path, maxBytes, signal } = options;
  const partial = `${path}.partial`;
  try {
    const tar = await sandbox.files.getArchive(directory, signal === undefined ? {} : { signal });
    await pipeline(bounded(tar, maxBytes), createWriteStream(partial, { mode: 0o600 }));
    renameSync(partial, path);
  } catch (cause) {
    if (SandboxError.isInstance(cause)) throw cause;
    throw new SandboxFileError((cause as Error).message, { cause });
  } finally {
    rmSync(partial, { force: true });
  }
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new SandboxFileError(`it is larger than ${maxBytes} bytes`);
    yield chunk;
  }
}

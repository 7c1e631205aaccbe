import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { InvalidOptionsError, SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import tar from "tar-stream";
import { ByteLimit } from "./byte-limit.ts";
import type { TreeWriter } from "./tree-writer.ts";

export interface UnpackOptions {
  readonly gzip: boolean;
  /** The path within the tree for a name within the archive; `undefined` leaves the entry out. */
  readonly place: (name: string) => string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads a tar that nobody vouches for into a tree. Devices and the like are listed as refused. */
export async function unpackTar(archive: Readable, writer: TreeWriter, options: UnpackOptions): Promise<void> {
  const extract = tar.extract();
  const limit = new ByteLimit();
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const reading = options.gzip
    ? pipeline(archive, createGunzip(), limit, extract, signal)
    : pipeline(archive, limit, extract, signal);
  try {
    // Both are waited for: whoever fails first also ends the other, whose own words would say less.
    const results = await Promise.allSettled([reading, takeEntries(extract, writer, options)]);
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    if (failures.length > 0) throw failures.find(SandboxError.isInstance) ?? failures[0];
  } catch (cause) {
    if (options.signal?.aborted) throw new SandboxAbortedError("Fetching components was cancelled", { cause });
    if (SandboxError.isInstance(cause)) throw cause;
    throw new InvalidOptionsError(`The archive is damaged: ${(cause as Error).message}`, { cause });
  }
}

async function takeEntries(extract: tar.Extract, writer: TreeWriter, options: UnpackOptions): Promise<void> {
  for await (const entry of extract) {
    const { name, type, mode } = entry.header;
    const path = type === "directory" ? undefined : options.place(name.replace(/^(\.\/)+/, ""));
    if (path === undefined) entry.resume();
    // The library's types leave out what the chunks of an entry are.
    else if (type === "file" || type === "contiguous-file")
      await writer.add(path, isExecutable(mode), entry as AsyncIterable<Uint8Array>);
    else {
      const { linkname } = entry.header;
      const target = type === "link" ? options.place((linkname ?? "").replace(/^(\.\/)+/, "")) : linkname;
      if ((type === "symlink" || type === "link") && target) writer.link(path, { target, isHard: type === "link" });
      else writer.refuse(path, "is no file");
      entry.resume();
    }
  }
}

function isExecutable(mode: number | null | undefined): boolean {
  return ((mode ?? 0) & 0o100) !== 0;
}

import { setImmediate } from "node:timers/promises";
import {
  SandboxAbortedError,
  SandboxError,
  SandboxFileError,
  SandboxLostError,
  SandboxQuotaError,
} from "../../errors/index.ts";
import type { SkippedEntry } from "../manifest.ts";
import { damaged } from "../tar/tar-header.ts";
import { TarReader } from "../tar/tar-reader.ts";
import { ArchiveEntries } from "./archive-entries.ts";
import { PastLimits, TooLargeToSkip } from "./archive-limits.ts";
import type { Extraction, ExtractOptions } from "./extraction.ts";

/** How long the event loop may wait for the disk. */
const sliceMs = 15;
const progressMs = 250;
/** Of zeros after the archive's end; writers pad to their own block size. */
const maxTrailingBytes = 1024 * 1024;

/**
 * Writes an archive that comes from inside below a directory, entry by entry. Everything in it is hostile: what would leave
 * the directory, surprise the host or pass a limit is refused and named, and the rest continues. Resolves also when the
 * archive breaks off; what was whole by then stays.
 */
export async function extractArchive(archive: AsyncIterable<Uint8Array>, options: ExtractOptions): Promise<Extraction> {
  const entries = new ArchiveEntries(options);
  let error: SandboxError | undefined;
  let tooLarge: SkippedEntry | undefined;
  let pastLimits = false;
  try {
    await readThrough(archive, entries, options);
  } catch (cause) {
    if (cause instanceof TooLargeToSkip) tooLarge = cause.entry;
    else if (cause instanceof PastLimits) {
      pastLimits = true;
      entries.cutOff(cause.message);
    } else error = asSandboxError(cause);
  }
  try {
    entries.makeLinks();
  } catch (cause) {
    error ??= asSandboxError(cause);
  }
  const finished = entries.finish();
  return {
    ...finished,
    complete: error === undefined && tooLarge === undefined && !pastLimits,
    ...(tooLarge === undefined ? {} : { tooLarge }),
    ...(error === undefined ? {} : { error }),
  };
}

async function readThrough(archive: AsyncIterable<Uint8Array>, entries: ArchiveEntries, options: ExtractOptions) {
  const reader = new TarReader(entries);
  let sliceStart = performance.now();
  let reportedAt = sliceStart;
  let trailing = 0;
  for await (const chunk of archive) {
    if (options.signal?.aborted) throw new SandboxAbortedError("The collection was cancelled");
    if (reader.ended) {
      trailing += chunk.byteLength;
      if (trailing > maxTrailingBytes) break;
      continue;
    }
    reader.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const now = performance.now();
    if (now - reportedAt > progressMs) {
      reportedAt = now;
      options.onProgress?.(entries.count, entries.bytes);
    }
    if (now - sliceStart > sliceMs) {
      await setImmediate();
      sliceStart = performance.now();
    }
  }
  if (!reader.ended) throw damaged("it ends early");
}

function asSandboxError(cause: unknown): SandboxError {
  if (SandboxError.isInstance(cause)) return cause;
  const code = (cause as NodeJS.ErrnoException)?.code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SandboxQuotaError("The disk of the output directory is full", {
      cause,
      hint: "Make room and collect again",
    });
  }
  if (code !== undefined && (cause as NodeJS.ErrnoException).syscall !== undefined) {
    return new SandboxFileError(`The output directory cannot be written: ${code}`, { cause });
  }
  return new SandboxLostError("The archive from the sandbox broke off", { cause });
}

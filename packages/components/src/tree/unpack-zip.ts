import { text } from "node:stream/consumers";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import yauzl from "yauzl";
import { treeLimits } from "./tree-limits.ts";
import type { TreeWriter } from "./tree-writer.ts";

const fileTypeMask = 0o170000;
const symlinkType = 0o120000;

/** Reads a zip file that nobody vouches for into a tree. A link is the file that it leads to. */
export async function unpackZip(
  file: string,
  writer: TreeWriter,
  place: (name: string) => string | undefined,
): Promise<void> {
  try {
    const zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true });
    try {
      let unpacked = 0;
      for await (const entry of zip.eachEntry()) {
        unpacked += entry.uncompressedSize;
        if (unpacked > treeLimits.archiveBytes)
          throw new InvalidOptionsError("The archive is larger than 4 GiB when it is unpacked");
        await takeEntry(zip, entry, writer, place);
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (SandboxError.isInstance(cause)) throw cause;
    throw new InvalidOptionsError(`The archive is damaged: ${(cause as Error).message}`, { cause });
  }
}

async function takeEntry(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  writer: TreeWriter,
  place: (name: string) => string | undefined,
): Promise<void> {
  if (entry.fileName.endsWith("/")) return;
  const path = place(entry.fileName.replace(/^(\.\/)+/, ""));
  if (path === undefined) return;
  // Zips made on Windows carry no mode; a script among them is started by its interpreter all the same.
  const mode = entry.externalFileAttributes >>> 16;
  if (entry.isEncrypted()) writer.refuse(path, "is encrypted");
  else if ((mode & fileTypeMask) === symlinkType) {
    const stream = await zip.openReadStreamPromise(entry);
    const target = entry.uncompressedSize > treeLimits.pathBytes ? undefined : await text(stream);
    stream.destroy();
    writer.link(path, { target: target ?? "/", isHard: false });
  } else await writer.add(path, (mode & 0o100) !== 0, await zip.openReadStreamPromise(entry));
}

import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import tar from "tar-stream";
import { ApiError } from "../api-error.ts";

/** Where an entry of an uploaded archive points, gzipped or not; `undefined` where it is no symbolic link or not there. */
export async function uploadedLink(archive: string, path: string): Promise<string | undefined> {
  const wanted = plain(path);
  let target: string | undefined;
  const entries = tar.extract();
  entries.on("entry", (header, body, next) => {
    if (header.type === "symlink" && plain(header.name) === wanted) target = header.linkname ?? "";
    body.on("end", next).resume();
  });
  try {
    const unpacked = (await isGzipped(archive)) ? [createGunzip()] : [];
    await pipeline([createReadStream(archive), ...unpacked, entries]);
  } catch (cause) {
    throw new ApiError(400, "The upload for a COPY step is not an archive", { cause });
  }
  return target;
}

function plain(path: string): string {
  return path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
}

async function isGzipped(archive: string): Promise<boolean> {
  for await (const bytes of createReadStream(archive, { end: 1 })) return (bytes as Buffer).readUInt16BE(0) === 0x1f8b;
  return false;
}

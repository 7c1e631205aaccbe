import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { bodyChunks } from "../request-body.ts";

/** Writes everything that comes, from the file's position on. A failure leaves the source open. */
export async function writeAll(file: FileHandle, source: Readable): Promise<void> {
  for await (const chunk of bodyChunks(source)) await file.writeFile(chunk);
}

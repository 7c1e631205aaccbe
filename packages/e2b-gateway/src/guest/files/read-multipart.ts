import type { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { HttpFailure } from "../http-failure.ts";
import { describeError } from "../system-error.ts";
import { type UploadTarget, type WrittenFile, writeUpload } from "./write-upload.ts";

const partName = "file";

/**
 * Writes every part of a form that is called `file`, one after the other, as the body comes. `place` tells where a part
 * goes, by its file name. Rejects at the first that cannot be written; those before it stay.
 */
export async function readMultipart(
  body: Readable,
  contentType: string,
  place: (name: string | undefined) => UploadTarget,
): Promise<readonly WrittenFile[]> {
  const parser = openParser(contentType);
  const parts: Readable[] = [];
  const written: Promise<WrittenFile>[] = [];
  const paths = new Set<string>();
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on("file", (_field, part, name) => {
        part.on("error", () => {});
        parts.push(part);
        const before = written.at(-1);
        const writing = Promise.resolve(before).then(() => writePart(part, name, place, paths));
        written.push(writing);
        writing.catch(reject);
      });
      parser.on("finish", resolve);
      parser.on("error", (error: unknown) =>
        reject(new HttpFailure(500, `error reading form: ${describeError(error)}`)),
      );
      body.once("error", reject);
      body.once("close", () => {
        if (!body.readableEnded) reject(new Error("the request broke off"));
      });
      body.pipe(parser);
    });
    return await Promise.all(written);
  } catch (error) {
    body.unpipe(parser);
    // The one that is being written is not whole, and is taken away again.
    for (const part of parts) part.destroy(new Error("the form broke off"));
    await Promise.allSettled(written);
    throw error;
  }
}

async function writePart(
  part: Readable,
  name: string | undefined,
  place: (name: string | undefined) => UploadTarget,
  paths: Set<string>,
): Promise<WrittenFile> {
  const target = place(name);
  if (paths.has(target.path)) {
    throw new HttpFailure(
      400,
      `you cannot upload multiple files to the same path '${target.path}' in one upload request, only the first specified file was uploaded`,
    );
  }
  paths.add(target.path);
  return writeUpload(target, part);
}

function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      // The file name is a path.
      preservePath: true,
      isPartAFile: (field) => field === partName,
    });
  } catch (error) {
    throw new HttpFailure(400, `error parsing multipart form: ${describeError(error)}`);
  }
}

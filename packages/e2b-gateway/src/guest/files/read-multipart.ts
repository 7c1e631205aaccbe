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
  const written: Promise<WrittenFile>[] = [];
  const paths = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      body.unpipe(parser);
      reject(error);
    };
    parser.on("file", (_field, part, name) => {
      const writing = writePart(part, name, place, paths);
      written.push(writing);
      writing.catch((error: unknown) => {
        part.resume();
        fail(error);
      });
    });
    parser.on("finish", resolve);
    parser.on("error", (error: unknown) => fail(new HttpFailure(500, `error reading form: ${describeError(error)}`)));
    body.once("error", fail);
    body.once("close", () => {
      if (!body.readableEnded) fail(new Error("the request broke off"));
    });
    body.pipe(parser);
  }).catch((error: unknown) => {
    for (const writing of written) writing.catch(() => {});
    throw error;
  });
  return Promise.all(written);
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

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { HttpFailure } from "../http-failure.ts";
import { bodyEncoding } from "./encoding.ts";
import type { FileMetadata } from "./file-metadata.ts";
import type { FilesRequest } from "./files-request.ts";
import { readMetadata } from "./metadata-headers.ts";
import { readMultipart } from "./read-multipart.ts";
import { type UploadTarget, type WrittenFile, writeUpload } from "./write-upload.ts";

/** `POST /files`: one file as the body itself, or any number of them as a form. Resolves to what was written. */
export async function serveUpload(
  request: IncomingMessage,
  files: FilesRequest,
  kept: FileMetadata,
): Promise<readonly WrittenFile[]> {
  const encoding = bodyEncoding(request.headers["content-encoding"]);
  const metadata = readMetadata(request.rawHeaders);
  const target = (path: string): UploadTarget => ({ path: files.resolve(path), user: files.user, metadata, kept });
  const contentType = request.headers["content-type"] ?? "";
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "application/octet-stream") {
    if (files.path === undefined) throw new HttpFailure(400, "path query parameter is required for raw body upload");
    return [await writeUpload(target(files.path), decoded(request, encoding))];
  }
  if (type.startsWith("multipart/")) {
    return readMultipart(decoded(request, encoding), contentType, (name) => {
      const path = files.path ?? name;
      if (path === undefined)
        throw new HttpFailure(400, "error getting multipart custom part file name: there is none");
      return target(path);
    });
  }
  throw new HttpFailure(
    400,
    `unsupported content type: ${contentType}, expected multipart/form-data or application/octet-stream`,
  );
}

function decoded(request: IncomingMessage, encoding: "gzip" | "identity"): Readable {
  if (encoding === "identity") return request;
  const unpacked = createGunzip();
  // The reader gets the error; it may fail before anything reads it.
  unpacked.on("error", () => {});
  request.once("error", (error) => unpacked.destroy(error));
  request.once("close", () => {
    // The client disconnected before the end: the content is incomplete.
    if (!request.complete) unpacked.destroy(new Error("the request broke off"));
  });
  return request.pipe(unpacked);
}

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { HttpFailure } from "../http-failure.ts";
import { describeError, errorCode } from "../system-error.ts";
import { parseByteRange } from "./byte-range.ts";
import { contentType } from "./content-type.ts";
import { answerEncoding } from "./encoding.ts";
import type { FilesRequest } from "./files-request.ts";

const readOptions = { autoClose: false, highWaterMark: 256 * 1024 } as const;

/** `GET /files`: one file, or a range of it. Throws before anything is sent; a client that goes away is no failure. */
export async function serveDownload(
  request: IncomingMessage,
  response: ServerResponse,
  files: FilesRequest,
): Promise<void> {
  const path = files.resolve(files.path ?? "");
  const file = await openFile(path);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new HttpFailure(400, `path '${path}' is a directory`);
    if (!stats.isFile()) throw new HttpFailure(400, `path '${path}' is not a regular file`);
    const modified = new Date(Math.floor(stats.mtimeMs / 1_000) * 1_000);
    const encoding = answerEncoding(request.headers["accept-encoding"]);
    response.setHeader("vary", "Accept-Encoding");
    response.setHeader("content-type", contentType(path));
    response.setHeader("content-disposition", `inline; filename*=UTF-8''${encodeURIComponent(basename(path))}`);
    response.setHeader("last-modified", modified.toUTCString());
    response.setHeader("accept-ranges", "bytes");
    if (isUnchanged(request, modified)) return void response.writeHead(304).end();
    const range = parseByteRange(request.headers.range, stats.size);
    if (range === "unsatisfiable") {
      response.setHeader("content-range", `bytes */${stats.size}`);
      throw new HttpFailure(416, "invalid range: failed to overlap");
    }
    if (range !== undefined) {
      response.setHeader("content-range", `bytes ${range.start}-${range.end}/${stats.size}`);
      response.writeHead(206, { "content-length": range.end - range.start + 1 });
      await pipeline(file.createReadStream({ ...range, ...readOptions }), response);
    } else if (encoding === "gzip") {
      response.writeHead(200, { "content-encoding": "gzip" });
      await pipeline(file.createReadStream(readOptions), createGzip({ level: 1 }), response);
    } else if (stats.size === 0) {
      await sendUnsized(file, response);
    } else {
      response.writeHead(200, { "content-length": stats.size });
      // No more than was announced, should the file grow meanwhile.
      await pipeline(file.createReadStream({ start: 0, end: stats.size - 1, ...readOptions }), response);
    }
  } finally {
    await file.close();
  }
}

/** The kernel's own files say that they are empty, and are not. */
async function sendUnsized(file: FileHandle, response: ServerResponse): Promise<void> {
  const { bytesRead, buffer } = await file.read(
    Buffer.alloc(readOptions.highWaterMark),
    0,
    readOptions.highWaterMark,
    null,
  );
  if (bytesRead === 0) return void response.writeHead(200, { "content-length": 0 }).end();
  response.writeHead(200).write(buffer.subarray(0, bytesRead));
  await pipeline(file.createReadStream(readOptions), response);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // What is no file, a pipe for one, would wait for somebody at its other end.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw new HttpFailure(404, `path '${path}' does not exist`);
    throw new HttpFailure(500, `error opening file '${path}': ${describeError(error)}`);
  }
}

function isUnchanged({ headers }: IncomingMessage, modified: Date): boolean {
  const since = headers["if-modified-since"];
  return since !== undefined && headers["if-none-match"] === undefined && modified.getTime() <= Date.parse(since);
}

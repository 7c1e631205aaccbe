import { Readable } from "node:stream";
import type { Blob, BlobStore } from "@glovebox/store";
import type { Context } from "hono";
import { problemReply } from "../replies/problem-reply.ts";
import { readRange } from "./byte-range.ts";

/** How a blob is sent. */
export interface BlobReplyOptions {
  readonly contentType: string;
  /** Under which name a browser saves it. Absent: it may show it. */
  readonly saveAs?: string | undefined;
}

/** What keeps a browser from running what an agent wrote, whatever it holds it for. */
const inert = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
};

/** A response with a blob, or with the range of it that was asked for. The blob is streamed. */
export async function blobReply(
  context: Context,
  blobs: BlobStore,
  { sha256, bytes }: Blob,
  { contentType, saveAs }: BlobReplyOptions,
): Promise<Response> {
  const etag = `"${sha256}"`;
  const headers = {
    ...inert,
    ...{ etag, "accept-ranges": "bytes", "cache-control": "private, no-cache", "content-type": contentType },
    ...(saveAs !== undefined && { "content-disposition": dispositionOf(saveAs) }),
  };
  if (hasTag(context.req.header("if-none-match"), etag)) return context.body(null, 304, headers);
  const ifRange = context.req.header("if-range");
  const range = ifRange === undefined || ifRange === etag ? readRange(context.req.header("range"), bytes) : undefined;
  if (range === "unsatisfiable") {
    const detail = `The file has ${bytes} bytes`;
    const contentRange = { "content-range": `bytes */${bytes}` };
    return problemReply(context, { status: 416, code: "range-not-satisfiable", detail, headers: contentRange });
  }
  const length = range === undefined ? bytes : range.end - range.start + 1;
  const sent = {
    ...headers,
    "content-length": String(length),
    ...(range !== undefined && { "content-range": `bytes ${range.start}-${range.end}/${bytes}` }),
  };
  const status = range === undefined ? 200 : 206;
  if (context.req.method === "HEAD") return context.body(null, status, sent);
  return context.body(asBody(await blobs.open(sha256, range)), status, sent);
}

/** Converts a stream to the body of a response. */
export function asBody(stream: Readable): ReadableStream<Uint8Array> {
  // Node's own type of a web stream differs from the platform's in name alone.
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

function hasTag(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** RFC 6266: any name, and nothing that ends the header. */
function dispositionOf(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}

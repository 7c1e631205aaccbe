import { GloveboxApiError } from "./api-error.ts";
import type { Upload } from "./models.ts";
import type { SendRequest } from "./send-request.ts";

/** A tar archive. Browsers send a `Blob` or bytes; some of them do not send streams. */
export type ArchiveBody = Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** How an archive is uploaded. */
export interface UploadOptions {
  /** Whether the archive is compressed with gzip. Default: true. */
  readonly gzip?: boolean;
  readonly signal?: AbortSignal;
}

/** Uploads a project. Throws a {@link GloveboxApiError} for one that the server refuses. */
export async function uploadArchive(
  send: SendRequest,
  archive: ArchiveBody,
  { gzip = true, signal }: UploadOptions = {},
): Promise<Upload> {
  const body = isIterable(archive) ? streamOf(archive) : archive;
  const response = await send("/v1/uploads", {
    method: "POST",
    headers: { "content-type": gzip ? "application/gzip" : "application/x-tar" },
    body,
    ...(signal !== undefined && { signal }),
    // Required for a stream; not all types of the platform know it.
    ...(body instanceof ReadableStream && { duplex: "half" }),
  });
  if (!response.ok) throw await GloveboxApiError.of(response);
  return (await response.json()) as Upload;
}

/** `ReadableStream.from` does not exist in every browser. */
function streamOf(archive: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = archive[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

function isIterable(archive: ArchiveBody): archive is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in archive && !(archive instanceof ReadableStream);
}

import { type ClientHttp2Stream, constants } from "node:http2";
import {
  type CallOptions,
  type FileChange,
  type FileInfo,
  type GetArchiveOptions,
  SandboxError,
  type SandboxFiles,
  type WatchOptions,
} from "@glovebox/core/provider";
import { lengthPrefix, lengthPrefixed } from "../../protocol/length-prefix.ts";
import { endTrailer, errorTrailer, type FileOperation, type FileRequest } from "../../protocol/messages.ts";
import { StreamReader } from "../../protocol/stream-reader.ts";
import type { RequestChannel } from "../request-channel.ts";
import { LargeDirectoryError } from "./large-directory-error.ts";
import type { LargeDirectoryReader } from "./large-directory-reader.ts";
import { parseFileInfo } from "./parse-file-info.ts";
import { readChanges } from "./read-changes.ts";

const maxAnswerBytes = 64 * 1024 * 1024;
const endOfBody = lengthPrefix(0);
/** Above it the start of another way is worth its time. */
const largeAboveBytes = 16 * 1024 * 1024;

/** Files in the sandbox, each operation one request. */
export class RemoteFiles implements SandboxFiles {
  /** Another way for directories that are large. */
  largeDirectoryReader: LargeDirectoryReader | undefined;
  readonly #channel: RequestChannel;

  constructor(channel: RequestChannel) {
    this.#channel = channel;
  }

  readStream(path: string, call: CallOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    return this.#download("read", { path }, call);
  }

  writeStream(
    path: string,
    body: AsyncIterable<Uint8Array>,
    options: CallOptions & { readonly mode?: number } = {},
  ): Promise<void> {
    const { mode } = options;
    return this.#upload("write", mode === undefined ? { path } : { path, mode }, body, options);
  }

  async stat(path: string, call: CallOptions = {}): Promise<FileInfo | null> {
    const found = await this.#json("stat", { path }, call);
    return found === null ? null : parseFileInfo(found);
  }

  async list(path: string, call: CallOptions = {}): Promise<readonly FileInfo[]> {
    const found = await this.#json("list", { path }, call);
    if (!Array.isArray(found)) throw this.#channel.lost(new Error("The answer is no list."));
    return found.map(parseFileInfo);
  }

  async makeDirectory(path: string, call: CallOptions = {}): Promise<void> {
    await this.#whole("mkdir", { path }, call);
  }

  async move(from: string, to: string, call: CallOptions = {}): Promise<void> {
    await this.#whole("move", { path: from, to }, call);
  }

  async remove(path: string, call: CallOptions = {}): Promise<void> {
    await this.#whole("remove", { path }, call);
  }

  putArchive(directory: string, tar: AsyncIterable<Uint8Array>, call: CallOptions = {}): Promise<void> {
    return this.#upload("put", { path: directory }, tar, call);
  }

  async getArchive(directory: string, options: GetArchiveOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const { exclude } = options;
    const request = { path: directory, ...(exclude && { exclude }) };
    const read = this.largeDirectoryReader;
    if (read === undefined) return this.#download("get", request, options);
    try {
      return await this.#download("get", { ...request, largeAboveBytes }, options);
    } catch (error) {
      if (!(error instanceof LargeDirectoryError)) throw error;
      // The other way may be closed, as behind a proxy that lets only some requests pass: this one is slower, no worse.
      return read(directory, { ...options, entries: error.entries }).catch(() =>
        this.#download("get", request, options),
      );
    }
  }

  /** As `Sandbox.watch`. */
  async watch(path: string, options: WatchOptions = {}): Promise<AsyncIterable<FileChange>> {
    const { exclude, signal } = options;
    const exchange = this.#begin("watch", { path, ...(exclude && { exclude }) }, options);
    const { stream } = exchange;
    // The request's body stays open: the helper watches until it ends, read or not.
    await this.#channel.answer(stream, options);
    const onAbort = (): void => stream.close(constants.NGHTTP2_CANCEL);
    signal?.addEventListener("abort", onAbort);
    stream.once("close", () => signal?.removeEventListener("abort", onAbort));
    return this.#changes(exchange, options);
  }

  async *#changes(exchange: Exchange, call: CallOptions): AsyncGenerator<FileChange, void> {
    try {
      yield* readChanges(this.#read(exchange, call));
    } catch (error) {
      if (call.signal?.aborted === true) return;
      throw SandboxError.isInstance(error) ? error : this.#channel.lost(error);
    }
  }

  async #json(operation: FileOperation, request: FileRequest, call: CallOptions): Promise<unknown> {
    const answer = await this.#whole(operation, request, call);
    try {
      return JSON.parse(answer.toString("utf8"));
    } catch (error) {
      throw this.#channel.lost(error);
    }
  }

  async #whole(operation: FileOperation, request: FileRequest, call: CallOptions): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of await this.#download(operation, request, call)) {
      bytes += piece.length;
      if (bytes > maxAnswerBytes)
        throw this.#channel.failure({ code: "file", message: `${request.path} is too large to list.` });
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  async #download(
    operation: FileOperation,
    request: FileRequest,
    call: CallOptions,
  ): Promise<AsyncIterable<Uint8Array>> {
    const body = this.#begin(operation, request, call);
    body.stream.end();
    await this.#channel.answer(body.stream, call);
    return this.#read(body, call);
  }

  async #upload(
    operation: FileOperation,
    request: FileRequest,
    source: AsyncIterable<Uint8Array>,
    call: CallOptions,
  ): Promise<void> {
    const body = this.#begin(operation, request, call);
    const { stream } = body;
    const sending = send(stream, source).then(() => new Promise<never>(() => {}));
    try {
      await Promise.race([sending, this.#finish(body, call)]);
    } catch (error) {
      stream.close(constants.NGHTTP2_CANCEL);
      throw error;
    }
  }

  async #finish(body: Exchange, call: CallOptions): Promise<void> {
    await this.#channel.answer(body.stream, call);
    for await (const _ of this.#read(body, call));
  }

  #begin(operation: FileOperation, request: FileRequest, call: CallOptions): Exchange {
    this.#channel.throwIfAborted(call);
    const stream = this.#channel.open("POST", `/files/${operation}`);
    const exchange: Exchange = { stream, trailers: {} };
    stream.once("trailers", (trailers) => {
      exchange.trailers = trailers;
    });
    stream.write(lengthPrefixed(Buffer.from(JSON.stringify(request))));
    return exchange;
  }

  /** The answer's body. It is whole only when the trailer says so. */
  async *#read(exchange: Exchange, { signal }: CallOptions): AsyncGenerator<Uint8Array, void> {
    const { stream } = exchange;
    const onAbort = (): void => stream.close(constants.NGHTTP2_CANCEL);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) onAbort();
    let broken: unknown;
    const reader = new StreamReader(stream);
    const next = (): Promise<Buffer | undefined> =>
      reader.next().catch((error: unknown) => {
        broken = error;
        return undefined;
      });
    try {
      for (let piece = await next(); piece !== undefined; piece = await next()) yield piece;
      if (signal?.aborted === true) throw this.#channel.aborted();
      const reply = exchange.trailers[errorTrailer];
      if (typeof reply === "string") throw this.#channel.failure(parseFailure(reply));
      if (exchange.trailers[endTrailer] === undefined) throw this.#channel.lost(broken);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }
}

interface Exchange {
  readonly stream: ClientHttp2Stream;
  trailers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Sends the body's pieces and the mark of its end; without the mark the guest undoes what it began. */
async function send(stream: ClientHttp2Stream, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of source) {
    if (stream.destroyed || stream.closed || stream.writableEnded) return;
    if (piece.byteLength === 0) continue;
    stream.cork();
    stream.write(lengthPrefix(piece.byteLength));
    const flowing = stream.write(piece);
    stream.uncork();
    if (!flowing)
      await new Promise<void>((resolve) => {
        const onDrained = (): void => {
          stream.off("drain", onDrained).off("close", onDrained);
          resolve();
        };
        stream.once("drain", onDrained).once("close", onDrained);
      });
  }
  if (!stream.writableEnded) stream.end(endOfBody);
}

function parseFailure(reply: string): { code?: "not-found" | "file"; message?: string } {
  try {
    return JSON.parse(Buffer.from(reply, "base64url").toString("utf8"));
  } catch {
    // A failure whose reason cannot be read is a failure all the same.
    return { code: "file" };
  }
}

import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import {
  type CallOptions,
  CapabilityUnsupportedError,
  InvalidOptionsError,
  SandboxAbortedError,
  SandboxError,
  SandboxFileError,
  SandboxLostError,
  SandboxNotFoundError,
  SandboxProcessError,
  SandboxStoppedError,
} from "@glovebox/core/provider";
import { lengthPrefixed } from "../protocol/length-prefix.ts";
import type { Failure } from "../protocol/messages.ts";
import { StreamReader } from "../protocol/stream-reader.ts";
import { LargeDirectoryError } from "./files/large-directory-error.ts";

/** No answer in JSON is read further. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Requests on one session, with failures as the contract has them. */
export class RequestChannel {
  readonly providerId: string;
  readonly #session: ClientHttp2Session;
  /** The other end did not respond, and the connection was closed for that. */
  isSilent = false;

  constructor(session: ClientHttp2Session, providerId: string) {
    this.#session = session;
    this.providerId = providerId;
  }

  /** Begins a request. Its body is open: end it. */
  open(method: "GET" | "POST", path: string): ClientHttp2Stream {
    if (this.#session.closed || this.#session.destroyed) throw this.lost();
    const stream = this.#session.request({ ":method": method, ":path": path }, { endStream: method === "GET" });
    // The error reaches whoever waits for the response or reads the body.
    stream.on("error", () => {});
    // Node throws the body of a closed stream away that nobody has begun to read; one that was paused it keeps.
    stream.pause();
    return stream;
  }

  /** Waits for the answer's head. Rejects when it is a failure, when the connection breaks, when the call is aborted. */
  async answer(stream: ClientHttp2Stream, call: CallOptions = {}): Promise<IncomingHttpHeaders> {
    const headers = await this.#head(stream, call.signal);
    if (Number(headers[":status"]) === 200) return headers;
    stream.end();
    const failure = (await this.#json(stream)) as Partial<Failure> | null;
    throw this.failure(failure ?? {});
  }

  /** A whole exchange in JSON. */
  async call(method: "GET" | "POST", path: string, call: CallOptions = {}, body?: unknown): Promise<unknown> {
    this.throwIfAborted(call);
    const stream = this.open(method, path);
    if (method === "POST")
      stream.end(body === undefined ? undefined : lengthPrefixed(Buffer.from(JSON.stringify(body))));
    await this.answer(stream, call);
    return this.#json(stream, call.signal);
  }

  failure({ code, message, hint, entries }: Partial<Failure>): SandboxError {
    const { providerId } = this;
    const text = typeof message === "string" ? message.slice(0, 4096) : "The supervisor failed and did not say why.";
    switch (code) {
      case "not-found":
        return new SandboxNotFoundError(text, { providerId });
      case "large":
        return new LargeDirectoryError(text, { providerId, entries: Number(entries) });
      case "capability-unsupported":
        return new CapabilityUnsupportedError(text, {
          providerId,
          ...(typeof hint === "string" && { hint: hint.slice(0, 1024) }),
        });
      case "process":
        return new SandboxProcessError(text, { providerId });
      case "stopped":
        return new SandboxStoppedError(text, {
          providerId,
          hint: "Its files are kept: connect with wakeForMs to start it.",
        });
      case "file":
        return new SandboxFileError(text, { providerId });
      case "invalid-options":
        return new InvalidOptionsError(text, { providerId });
      default:
        return new SandboxError("internal", text, { providerId });
    }
  }

  lost(cause?: unknown): SandboxLostError {
    const { providerId, isSilent } = this;
    const message = isSilent ? "The sandbox does not answer any more." : "The connection to the sandbox broke.";
    return new SandboxLostError(message, { providerId, cause });
  }

  aborted(): SandboxAbortedError {
    return new SandboxAbortedError("The call was aborted.", { providerId: this.providerId });
  }

  throwIfAborted({ signal }: CallOptions): void {
    if (signal?.aborted === true) throw this.aborted();
  }

  #head(stream: ClientHttp2Stream, signal: AbortSignal | undefined): Promise<IncomingHttpHeaders> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        stream.close(constants.NGHTTP2_CANCEL);
        reject(this.aborted());
      };
      const stop = (): void => signal?.removeEventListener("abort", onAbort);
      stream.once("response", (headers) => {
        stop();
        resolve(headers);
      });
      stream.once("close", () => {
        stop();
        reject(this.lost());
      });
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted === true) onAbort();
    });
  }

  async #json(stream: ClientHttp2Stream, signal?: AbortSignal): Promise<unknown> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    // The head may have come and the rest not.
    const onAbort = (): void => void stream.destroy();
    signal?.addEventListener("abort", onAbort);
    try {
      if (signal?.aborted) onAbort();
      const reader = new StreamReader(stream);
      for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
        bytes += piece.length;
        if (bytes > maxAnswerBytes) throw new Error(`The answer is longer than ${maxAnswerBytes} bytes.`);
        pieces.push(piece);
      }
      return JSON.parse(Buffer.concat(pieces).toString("utf8"));
    } catch (error) {
      stream.close(constants.NGHTTP2_CANCEL);
      throw signal?.aborted ? this.aborted() : this.lost(error);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

import type { Agent, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  SandboxAbortedError,
  type SandboxError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { createWebSocketStream, WebSocket } from "ws";
import { doorOptions } from "../protocol/door-options.ts";

const maxRefusalBytes = 64 * 1024;

/** What answered instead of the door. */
export interface DoorRefusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 64 KiB of it. */
  readonly body: string;
}

export interface OpenDoorOptions {
  /** `ws://` or `wss://`. */
  readonly url: string;
  /** The door's token among them, unless something on the way adds it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How connections are made: by a proxy, with certificates of its own. */
  readonly agent?: Agent;
  /** Named in errors. */
  readonly providerId: string;
  readonly signal?: AbortSignal;
  /** 30 seconds unless told. */
  readonly timeoutMs?: number;
  /** The error for an answer that is no WebSocket. */
  readonly onRefused: (refusal: DoorRefusal) => SandboxError;
}

/**
 * Opens a byte stream to a supervisor's door, for `connectSupervisor`. Rejects with what `onRefused` makes of an answer that
 * is none, with `unavailable` where no connection comes about, with `timeout` or `aborted`.
 */
export function openDoor(options: OpenDoorOptions): Promise<Duplex> {
  const { url, headers, agent, providerId, signal, timeoutMs = 30_000, onRefused } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(providerId));
    const socket = new WebSocket(url, { ...doorOptions, ...(headers && { headers }), ...(agent && { agent }) });
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const fail = (error: SandboxError): void => {
      settle(() => reject(error));
      socket.terminate();
    };
    const onAbort = (): void => fail(aborted(providerId));
    const timer = setTimeout(
      () => fail(new SandboxTimeoutError(`The sandbox's door did not open within ${timeoutMs} ms`, { providerId })),
      timeoutMs,
    );
    signal?.addEventListener("abort", onAbort);
    socket.on("error", (cause) => {
      const message = `The sandbox's door cannot be reached: ${cause.message}`;
      fail(new SandboxUnavailableError(message, { providerId, cause }));
    });
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      readStart(response).then((body) => {
        fail(onRefused({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
    });
    socket.once("open", () => {
      const stream = createWebSocketStream(socket, { readableHighWaterMark: 1024 * 1024 });
      settle(() => resolve(stream));
    });
  });
}

/** A body that breaks off is told as far as it came. */
async function readStart(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= maxRefusalBytes) break;
    }
  } catch {}
  return Buffer.concat(parts).subarray(0, maxRefusalBytes).toString("utf8");
}

function aborted(providerId: string): SandboxAbortedError {
  return new SandboxAbortedError("The wait for the sandbox's door was aborted.", { providerId });
}

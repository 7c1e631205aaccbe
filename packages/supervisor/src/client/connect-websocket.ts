import type { Agent, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  SandboxAbortedError,
  type SandboxError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { createWebSocketStream, WebSocket } from "ws";
import { webSocketOptions } from "../protocol/websocket-options.ts";

const maxRefusalBytes = 64 * 1024;

/** An HTTP response in place of the upgrade. */
export interface WebSocketRefusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Its first 64 KiB. */
  readonly body: string;
}

/** How a connection to a supervisor's WebSocket endpoint is made. */
export interface ConnectWebSocketOptions {
  /** `ws://` or `wss://`. */
  readonly url: string;
  /** Includes the endpoint's token, unless a proxy on the way adds it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the connection, for instance through a proxy or with other certificates. */
  readonly agent?: Agent;
  /** Named in errors. */
  readonly providerId: string;
  readonly signal?: AbortSignal;
  /** Default: 30 seconds. */
  readonly timeoutMs?: number;
  /** Maps a refused upgrade to an error. */
  readonly onRefused: (refusal: WebSocketRefusal) => SandboxError;
}

/**
 * Connects to a supervisor's WebSocket endpoint and returns the byte stream for `connectSupervisor`. Rejects with the error
 * of `onRefused` if the upgrade is refused, with `unavailable` if the connection fails, with `timeout` or `aborted`.
 */
export function connectWebSocket(options: ConnectWebSocketOptions): Promise<Duplex> {
  const { url, headers, agent, providerId, signal, timeoutMs = 30_000, onRefused } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(providerId));
    const socket = new WebSocket(url, { ...webSocketOptions, ...(headers && { headers }), ...(agent && { agent }) });
    const cleanUp = (finish: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const fail = (error: SandboxError): void => {
      cleanUp(() => reject(error));
      socket.terminate();
    };
    const onAbort = (): void => fail(aborted(providerId));
    const timer = setTimeout(
      () =>
        fail(
          new SandboxTimeoutError(`Timed out connecting to the sandbox's supervisor after ${timeoutMs} ms`, {
            providerId,
          }),
        ),
      timeoutMs,
    );
    signal?.addEventListener("abort", onAbort);
    socket.on("error", (cause) => {
      const message = `Cannot connect to the sandbox's supervisor: ${cause.message}`;
      fail(new SandboxUnavailableError(message, { providerId, cause }));
    });
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      readStart(response).then((body) => {
        fail(onRefused({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
    });
    socket.once("open", () => {
      const stream = createWebSocketStream(socket, { readableHighWaterMark: 1024 * 1024 });
      cleanUp(() => resolve(stream));
    });
  });
}

/** If the body breaks off, returns what has arrived. */
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
  return new SandboxAbortedError("Connecting to the sandbox's supervisor was aborted.", { providerId });
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import type { ServerCertificate } from "./tls/server-certificate.ts";

export interface Handlers {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface Listener {
  readonly port: number;
  /** Shows new connections this certificate. Those that are open keep theirs. */
  useCertificate(certificate: ServerCertificate): void;
  /** Accepts no new connection, and ends those that are idle. */
  stop(): void;
  /** Ends every connection: idle ones at once, others after their response, after two seconds, or when the signal aborts. */
  close(signal?: AbortSignal): Promise<void>;
}

const headersTimeoutMs = 30_000;
/** Longer than clients keep theirs: clients do not retry a request whose connection ends while they send it. */
const keepAliveTimeoutMs = 640_000;
const graceMs = 2_000;

/** Listens on an address. Rejects with `unavailable` where that fails. */
export async function listen(
  handlers: Handlers,
  address: { readonly host: string; readonly port: number },
  certificate?: ServerCertificate,
): Promise<Listener> {
  // An upload or a stream takes its time: only the headers are waited for.
  const limits = {
    requestTimeout: 0,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Some clients offer HTTP/2 with every request, and accept HTTP/1.1 as well. Node supports this from 22.21 and 24.9 on.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() !== "h2c",
  };
  const secure =
    certificate === undefined
      ? undefined
      : createTlsServer({ ...limits, cert: certificate.cert, key: certificate.key }, handlers.handle);
  const server: Server = secure ?? createServer(limits, handlers.handle);
  server.on("upgrade", (request, socket, head) => {
    // Node does not handle its errors anymore: without a listener, a client that disconnects would end the server.
    socket.on("error", () => {});
    handlers.upgrade(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(address.port, address.host, resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    throw new SandboxUnavailableError(`The server cannot listen on ${address.host}:${address.port} (${cause.code})`, {
      hint:
        cause.code === "EADDRINUSE"
          ? "Another program listens there: choose another with --port."
          : "See --host and --port.",
      cause,
    });
  });
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  return {
    // A server that listens on a port has such an address.
    port: (server.address() as AddressInfo).port,
    useCertificate: ({ cert, key }) => secure?.setSecureContext({ cert, key }),
    stop: () => void server.close(),
    close: async (signal) => {
      server.close();
      server.closeIdleConnections();
      const deadline = AbortSignal.any([AbortSignal.timeout(graceMs), ...(signal === undefined ? [] : [signal])]);
      const end = (): void => server.closeAllConnections();
      deadline.addEventListener("abort", end, { once: true });
      if (deadline.aborted) end();
      await closed;
    },
  };
}

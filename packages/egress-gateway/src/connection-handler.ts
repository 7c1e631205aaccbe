import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { EgressObserver } from "@glovebox/core/provider";
import { Connection } from "./connection.ts";
import { rawAnswer } from "./gateway-answer.ts";
import type { GatewayLimits } from "./gateway-limits.ts";
import type { ModelProxy } from "./model-proxy.ts";
import type { ForwardProxy } from "./proxy/forward-proxy.ts";
import type { InnerTarget } from "./proxy/read-request.ts";
import { hasBody, waitsToSend } from "./request-body.ts";

export interface ConnectionHandlerOptions extends Required<GatewayLimits> {
  readonly models: ModelProxy;
  readonly proxy: ForwardProxy;
  readonly observer: EgressObserver | undefined;
  readonly rateLimit: () => Promise<void>;
}

const maxHeaderSize = 32 * 1024;
/** Requests that a client may send ahead of the responses; clients that pipeline at all stay at ten. */
const maxPipelined = 32;

/** Reads HTTP/1.1 from byte streams, within bounds, and passes each request to the model proxy or the forward proxy. */
export class ConnectionHandler {
  readonly #options: ConnectionHandlerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #connections = new WeakMap<Duplex, Connection>();
  readonly #inFlight = new Set<Promise<void>>();
  #activeRequests = 0;
  #isClosed = false;

  constructor(options: ConnectionHandlerOptions) {
    this.#options = options;
    // Node would respond by itself where the Host header is missing or something is expected: without an entry in the
    // journal, and before it is known whether the body may come. Both proxies check these themselves.
    this.#server = createServer({ maxHeaderSize, insecureHTTPParser: false, requireHostHeader: false });
    const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
      this.#track(request.socket, this.#serve(request, response));
    this.#server.on("request", onRequest).on("checkContinue", onRequest).on("checkExpectation", onRequest);
    this.#server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#track(socket, this.#connect(request, socket, head)),
    );
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#track(socket, this.#upgrade(request, socket, head)),
    );
    this.#server.on("clientError", (_error: Error, socket: Duplex) =>
      this.#track(socket, this.#refuseUnreadable(socket)),
    );
  }

  /** Serves a byte stream from inside the sandbox; destroys it where too many are open. */
  handle(socket: Duplex): void {
    if (this.#isClosed || this.#sockets.size >= this.#options.connections) return void socket.destroy();
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    this.#accept(socket);
  }

  /** Serves HTTP in a tunnel that ends at the gateway. */
  serveInside(socket: Duplex, target: InnerTarget): void {
    if (this.#isClosed) return void socket.destroy();
    this.#accept(socket, target);
  }

  /** Destroys every stream; resolves when nothing is in flight. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#inFlight);
  }

  #accept(socket: Duplex, target?: InnerTarget): void {
    const connection = new Connection(socket, target);
    this.#connections.set(socket, connection);
    connection.startTimer(this.#options.headersTimeoutMs);
    socket.on("error", () => {});
    this.#server.emit("connection", socket);
  }

  #connectionOf(socket: Duplex): Connection {
    return this.#connections.get(socket) ?? new Connection(socket);
  }

  #stopTimer(socket: Duplex): Connection {
    const connection = this.#connectionOf(socket);
    connection.stopTimer();
    return connection;
  }

  #track(socket: Duplex, work: Promise<void>): void {
    const done = work.catch(() => void socket.destroy());
    this.#inFlight.add(done);
    done.finally(() => this.#inFlight.delete(done));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const connection = this.#connectionOf(socket);
    if (connection.pendingRequests >= maxPipelined) return void socket.destroy();
    connection.pendingRequests += 1;
    connection.stopTimer();
    // A socket's error ends its exchange through the response's close; without a listener it would end the process.
    request.on("error", () => {});
    response.on("error", () => {});
    // A response that waits behind another one has no socket yet, so Node does not report the connection's end to it.
    const closeWaiting = (): void => {
      if (response.socket !== null || response.destroyed) return;
      response.destroy();
      response.emit("close");
    };
    socket.once("close", closeWaiting);
    const work = this.#dispatch(request, response, connection.target).catch(() => void response.destroy());
    this.#activeRequests += 1;
    await work;
    this.#activeRequests -= 1;
    socket.off("close", closeWaiting);
    connection.pendingRequests -= 1;
    if (connection.pendingRequests === 0) connection.startTimer(this.#options.idleTimeoutMs);
  }

  #dispatch(request: IncomingMessage, response: ServerResponse, target: InnerTarget | undefined): Promise<void> {
    const { models, proxy, concurrentRequests } = this.#options;
    const isBusy = this.#activeRequests >= concurrentRequests;
    if (target !== undefined || /^https?:/i.test(request.url ?? "")) {
      return proxy.request(request, response, target, isBusy);
    }
    if (waitsToSend(request)) response.writeContinue();
    return models.request(request, response, isBusy);
  }

  async #connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { target, pendingRequests } = this.#stopTimer(socket);
    // Another protocol cannot begin on a connection that still owes responses in this one.
    if (target !== undefined || pendingRequests > 0) return this.#refuseUnreadable(socket);
    return this.#options.proxy.connect(request, socket, head);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { target, pendingRequests } = this.#stopTimer(socket);
    // Its body would be read as the other protocol's bytes.
    if (hasBody(request) || pendingRequests > 0) return this.#refuseUnreadable(socket);
    const isForProxy = target !== undefined || /^http:/i.test(request.url ?? "");
    if (isForProxy && request.headers.upgrade?.toLowerCase() === "websocket") {
      return this.#options.proxy.upgrade(request, socket, head, target);
    }
    // Any other protocol upgrade is ignored, as HTTP lets a server do: the request is an ordinary one.
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
    response.once("finish", () => socket.end());
    return this.#serve(request, response);
  }

  async #refuseUnreadable(socket: Duplex): Promise<void> {
    if (!socket.writable) return void socket.destroy();
    const reason = "the request cannot be read";
    await this.#options.rateLimit();
    socket.end(rawAnswer({ status: 400, message: reason, retry: false }));
    const { host, port } = this.#connectionOf(socket).target ?? { host: "", port: 0 };
    const event = { host, port, method: "", decision: "denied", status: 400, reason } as const;
    this.#options.observer?.onRequest?.({ ...event, requestBytes: 0, responseBytes: 0, durationMs: 0 });
  }
}

import { createServer, type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { EgressObserver } from "@glovebox/core/provider";
import { rawAnswer } from "./gateway-answer.ts";
import type { GatewayLimits } from "./gateway-limits.ts";
import type { ModelDoor } from "./model-door.ts";
import type { ProxyDoor } from "./proxy/proxy-door.ts";
import type { InnerTarget } from "./proxy/read-request.ts";
import { hasBody, waitsToSend } from "./request-body.ts";

export interface HttpDoorOptions extends Required<GatewayLimits> {
  readonly models: ModelDoor;
  readonly proxy: ProxyDoor;
  readonly observer: EgressObserver | undefined;
  readonly turn: () => Promise<void>;
}

/** Reads HTTP/1.1 from byte streams, within bounds, and hands each request to the door that it is for. */
export interface HttpDoor {
  handle(socket: Duplex): void;
  /** Serves a tunnel that was ended here. */
  serveInside(socket: Duplex, target: InnerTarget): void;
  /** Destroys every stream; resolves when nothing is in flight. */
  close(): Promise<void>;
}

const maxHeaderSize = 32 * 1024;
/** What a client may send ahead of the answers; programs that do so at all stay at ten. */
const maxPipelined = 32;

export function createHttpDoor(options: HttpDoorOptions): HttpDoor {
  const { models, proxy, observer, turn, headersTimeoutMs, idleTimeoutMs } = options;
  const sockets = new Set<Duplex>();
  /** Runs while a connection has no request: until the first is there, and between two. */
  const late = new WeakMap<Duplex, NodeJS.Timeout>();
  const inner = new WeakMap<Duplex, InnerTarget>();
  const pipelined = new WeakMap<Duplex, number>();
  const inFlight = new Set<Promise<void>>();
  let closed = false;

  const track = (socket: Duplex, work: Promise<void>): void => {
    const done = work.catch(() => void socket.destroy());
    inFlight.add(done);
    done.finally(() => inFlight.delete(done));
  };

  const wait = (socket: Duplex, timeoutMs: number): void => {
    clearTimeout(late.get(socket));
    if (socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    late.set(socket, timer);
  };

  const dispatch = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = inner.get(request.socket);
    const busy = requests >= options.concurrentRequests;
    if (target === undefined && !/^https?:/i.test(request.url ?? "")) {
      if (waitsToSend(request)) response.writeContinue();
      return models.request(request, response, busy);
    }
    return proxy.request(request, response, target, busy);
  };

  let requests = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = request;
    const ahead = (pipelined.get(socket) ?? 0) + 1;
    if (ahead > maxPipelined) return void socket.destroy();
    pipelined.set(socket, ahead);
    clearTimeout(late.get(socket));
    // A socket's error ends its exchange by the response's close; without a listener it would end the process.
    request.on("error", () => {});
    response.on("error", () => {});
    // A response that waits behind another one has no connection yet, and is not told of its end.
    const gone = (): void => {
      if (response.socket !== null || response.destroyed) return;
      response.destroy();
      response.emit("close");
    };
    socket.once("close", gone);
    const work = dispatch(request, response).catch(() => void response.destroy());
    requests += 1;
    await work;
    requests -= 1;
    socket.off("close", gone);
    const left = (pipelined.get(socket) ?? 1) - 1;
    pipelined.set(socket, left);
    if (left === 0) wait(socket, idleTimeoutMs);
  };

  /** Another protocol cannot begin on a connection that still owes answers in this one. */
  const isOwing = (socket: Duplex): boolean => (pipelined.get(socket) ?? 0) > 0;

  const refuseUnreadable = async (socket: Duplex): Promise<void> => {
    if (!socket.writable) return void socket.destroy();
    const reason = "the request cannot be read";
    await turn();
    socket.end(rawAnswer({ status: 400, message: reason, retry: false }));
    const { host, port } = inner.get(socket) ?? { host: "", port: 0 };
    const event = { host, port, method: "", decision: "denied", status: 400, reason } as const;
    observer?.onRequest?.({ ...event, requestBytes: 0, responseBytes: 0, durationMs: 0 });
  };

  // Node would answer by itself where the Host header is missing or something is expected: without a word in the journal,
  // and before it is known whether the body may come. The doors see to both.
  const server = createServer({ maxHeaderSize, insecureHTTPParser: false, requireHostHeader: false });
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    track(request.socket, serve(request, response));
  server.on("request", onRequest).on("checkContinue", onRequest).on("checkExpectation", onRequest);
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    clearTimeout(late.get(socket));
    if (inner.has(socket) || isOwing(socket)) return track(socket, refuseUnreadable(socket));
    track(socket, proxy.connect(request, socket, head));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    clearTimeout(late.get(socket));
    // Its body would be read as the other protocol's bytes.
    if (hasBody(request) || isOwing(socket)) return track(socket, refuseUnreadable(socket));
    const target = inner.get(socket);
    const toProxy = target !== undefined || /^http:/i.test(request.url ?? "");
    if (toProxy && request.headers.upgrade?.toLowerCase() === "websocket") {
      return track(socket, proxy.upgrade(request, socket, head, target));
    }
    // Any other change of protocol is passed over, as HTTP lets a server do: the request is an ordinary one.
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
    response.once("finish", () => socket.end());
    track(request.socket, serve(request, response));
  });
  server.on("clientError", (_error: Error, socket: Duplex) => track(socket, refuseUnreadable(socket)));

  const adopt = (socket: Duplex): void => {
    wait(socket, headersTimeoutMs);
    socket.on("error", () => {});
    socket.once("close", () => clearTimeout(late.get(socket)));
    server.emit("connection", socket);
  };

  return {
    handle: (socket) => {
      if (closed || sockets.size >= options.connections) return void socket.destroy();
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      adopt(socket);
    },
    serveInside: (socket, target) => {
      if (closed) return void socket.destroy();
      inner.set(socket, target);
      adopt(socket);
    },
    close: async () => {
      closed = true;
      for (const socket of sockets) socket.destroy();
      await Promise.all(inFlight);
    },
  };
}

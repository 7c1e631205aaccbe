import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import {
  type EgressEvent,
  type EgressObserver,
  type EgressPolicy,
  InvalidOptionsError,
  type ModelRoute,
} from "@glovebox/core/provider";
import type { Dispatcher } from "undici";
import { exchange } from "./exchange.ts";
import { type GatewayAnswer, rawAnswer, sendAnswer } from "./gateway-answer.ts";
import { Meter } from "./metering/meter.ts";
import { decideRoute, printable, routePrefix } from "./route-decision.ts";
import { upstreamDispatcher } from "./upstream-dispatcher.ts";

/** Bounds of what a sandbox may ask of the gateway. */
export interface GatewayLimits {
  /** The largest body of a request, in bytes. 64 MiB unless given. */
  readonly requestBytes?: number;
  /** Requests in flight at once. 64 unless given. */
  readonly concurrentRequests?: number;
  /** Byte streams open at once. 256 unless given. */
  readonly connections?: number;
  /** For the headers of a connection's first request to arrive. 30 seconds unless given. */
  readonly headersTimeoutMs?: number;
  /** For a request or a response to make progress. 10 minutes unless given. */
  readonly idleTimeoutMs?: number;
}

export interface GatewayOptions {
  readonly policy: EgressPolicy;
  readonly observer?: EgressObserver;
  readonly limits?: GatewayLimits;
  /** Where HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS are read. The process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The way out of one sandbox. It listens nowhere: byte streams from inside are handed to it. */
export interface Gateway {
  /** Serves HTTP/1.1 on a byte stream that comes from inside the sandbox. */
  handle(socket: Duplex): void;
  /** The address of each model route, given the origin (`http://127.0.0.1:1234`) that the sandbox sees the gateway at. */
  modelUrls(origin: string): Readonly<Record<string, string>>;
  /** Ends everything in flight, then resolves. Idempotent. */
  close(): Promise<void>;
}

const maxHeaderSize = 32 * 1024;
const trafficIntervalMs = 250;

/** Makes the way out of one sandbox. Does no I/O. A route or a limit that cannot work is `invalid-options`. */
export function createGateway(options: GatewayOptions): Gateway {
  for (const route of options.policy.models) checkRoute(route);
  const { policy, observer, limits = {} } = options;
  const meter = new Meter(policy, observer);
  const requestBytes = limits.requestBytes ?? 64 * 1024 * 1024;
  const idleTimeoutMs = limits.idleTimeoutMs ?? 600_000;
  const sockets = new Set<Duplex>();
  // Runs until a connection's first request is there.
  const late = new WeakMap<Duplex, NodeJS.Timeout>();
  const inFlight = new Set<Promise<void>>();
  const closing = new AbortController();
  const onTraffic = throttled(() => observer?.onTraffic?.());
  let dispatcher: Dispatcher | undefined;
  let closed: Promise<void> | undefined;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const method = printable(request.method ?? "");
    const decision = decideRoute(policy, request.method ?? "", request.url ?? "");
    const report = (result: Omit<EgressEvent, "host" | "port" | "method" | "path" | "durationMs">): void => {
      const path = decision.allowed ? decision.path : printable((request.url ?? "").split("?", 1)[0] ?? "");
      observer?.onRequest?.({ ...result, ...target, method, path, durationMs: performance.now() - started });
    };
    const routeId = decision.allowed ? decision.route.id : decision.routeId;
    const target = upstreamOf(policy.models.find(({ id }) => id === routeId));
    const known = routeId === undefined ? {} : { routeId };
    const refusal = decision.allowed ? overLimit(request) : { ...decision, message: decision.reason, retry: false };
    if (refusal !== undefined) {
      const responseBytes = refuse(request, response, refusal);
      const reason = refusal.message;
      return report({ ...known, decision: "denied", status: refusal.status, reason, requestBytes: 0, responseBytes });
    }
    if (!decision.allowed) return;
    dispatcher ??= upstreamDispatcher(options.env ?? process.env);
    const context = { dispatcher, requestBytes, idleTimeoutMs, signal: closing.signal, onTraffic, meter };
    report({ ...known, ...(await exchange(request, response, decision, context)) });
  };

  const overLimit = (request: IncomingMessage): GatewayAnswer | undefined => {
    if (request.headers.upgrade !== undefined) {
      return { status: 403, message: "a change of protocol is not allowed", retry: false };
    }
    if (Number(request.headers["content-length"] ?? 0) > requestBytes) {
      return { status: 413, message: "the request is too large", retry: false };
    }
    if (inFlight.size >= (limits.concurrentRequests ?? 64)) {
      return { status: 429, message: "too many requests at once" };
    }
    return undefined;
  };

  const refuse = (request: IncomingMessage, response: ServerResponse, answer: GatewayAnswer): number => {
    // The body is read away, up to the limit, so that the sender gets to see the answer.
    let read = 0;
    request.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > requestBytes) request.destroy();
    });
    return sendAnswer(response, answer);
  };

  const server = createServer({ maxHeaderSize, insecureHTTPParser: false }, (request, response) => {
    // A socket's error ends its exchange by the response's close; without a listener it would end the process.
    request.on("error", () => {});
    response.on("error", () => {});
    clearTimeout(late.get(request.socket));
    const work = serve(request, response).catch(() => void response.destroy());
    inFlight.add(work);
    work.finally(() => inFlight.delete(work));
  });
  const refuseRaw = (socket: Duplex, answer: GatewayAnswer, target: string): void => {
    socket.end(rawAnswer(answer));
    const { status, message: reason } = answer;
    const event = { host: "", port: 0, method: target, decision: "denied", status, reason } as const;
    observer?.onRequest?.({ ...event, requestBytes: 0, responseBytes: 0, durationMs: 0 });
  };
  server.on("connect", (_request: IncomingMessage, socket: Duplex) =>
    refuseRaw(socket, { status: 405, message: "CONNECT is not allowed", retry: false }, "CONNECT"),
  );
  server.on("clientError", (_error: Error, socket: Duplex) => {
    if (!socket.writable) return void socket.destroy();
    refuseRaw(socket, { status: 400, message: "the request cannot be read", retry: false }, "");
  });

  return {
    handle: (socket) => {
      if (closed !== undefined || sockets.size >= (limits.connections ?? 256)) return void socket.destroy();
      sockets.add(socket);
      const timer = setTimeout(() => socket.destroy(), limits.headersTimeoutMs ?? 30_000);
      late.set(socket, timer);
      socket.on("error", () => {});
      socket.once("close", () => {
        clearTimeout(timer);
        sockets.delete(socket);
      });
      server.emit("connection", socket);
    },
    modelUrls: (origin) =>
      Object.fromEntries(
        (policy.mode === "none" ? [] : policy.models).map(({ id }) => [id, `${origin}${routePrefix(id)}`]),
      ),
    close: () => {
      closed ??= (async () => {
        closing.abort();
        for (const socket of sockets) socket.destroy();
        await Promise.all(inFlight);
        await dispatcher?.destroy();
      })();
      return closed;
    },
  };
}

function upstreamOf(route: ModelRoute | undefined): { readonly host: string; readonly port: number } {
  if (route === undefined) return { host: "", port: 0 };
  const { hostname, port, protocol } = new URL(route.upstream);
  return { host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}

function checkRoute({ id, upstream, credential }: ModelRoute): void {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id))
    throw new InvalidOptionsError(`Model route ${JSON.stringify(id)}: not a name`);
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.username !== "") {
    throw new InvalidOptionsError(`Model route ${id}: the upstream is not a plain http or https URL`, {
      hint: "Give it as https://host or https://host/base, without a user, a password or a query",
    });
  }
  if (!/^[\x21-\x7e]+$/.test(credential.secret.reveal())) {
    throw new InvalidOptionsError(`Model route ${id}: ${credential.secret.name} is empty or holds spaces or line ends`);
  }
}

/** Calls at once, then at most every {@link trafficIntervalMs}. */
function throttled(call: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const time = performance.now();
    if (time - last < trafficIntervalMs) return;
    last = time;
    call();
  };
}

import type { ClientRequest, IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Duplex, pipeline } from "node:stream";
import { SandboxError } from "@glovebox/core/provider";
import type { FailedKeys } from "../failed-keys.ts";
import type { GatewayLogger } from "../gateway-logger.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";
import type { LinkTarget } from "../sandboxes/link/sandbox-link.ts";
import type { SandboxRegistry } from "../sandboxes/sandbox-registry.ts";
import { admit } from "./admit.ts";
import { forwardedHeaders, trafficTokenHeader } from "./forwarded-headers.ts";
import { joinSockets } from "./join-sockets.ts";
import { ProxyError } from "./proxy-error.ts";
import type { SandboxTarget } from "./sandbox-target.ts";

/** Forwards requests to the ports of sandboxes, unbuffered in both directions. */
export class SandboxProxy {
  readonly #registry: SandboxRegistry;
  readonly #logger: GatewayLogger;
  readonly #failedKeys: FailedKeys;

  constructor(registry: SandboxRegistry, logger: GatewayLogger, failedKeys: FailedKeys) {
    this.#failedKeys = failedKeys;
    this.#registry = registry;
    this.#logger = logger;
  }

  async handle(request: IncomingMessage, response: ServerResponse, target: SandboxTarget): Promise<void> {
    try {
      const way = await this.#open(request, target);
      await forward(request, response, way);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const { status, headers, body } = this.#refusal(error, target).answer(request);
      response.writeHead(status, headers).end(body);
      // The rest of an unread body would be parsed as the next request.
      if (!request.complete) request.resume();
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: SandboxTarget): Promise<void> {
    try {
      await forwardUpgrade(request, socket, head, await this.#open(request, target));
    } catch (error) {
      socket.end(this.#refusal(error, target).rawAnswer(request));
    }
  }

  /** The way to a port that a request may go. Throws `ProxyError`. */
  async #open(request: IncomingMessage, target: SandboxTarget): Promise<Way> {
    const sandbox = this.#registry.find(target.sandboxId);
    if (sandbox === undefined) throw ProxyError.notFound(target.sandboxId);
    try {
      admit(request, sandbox, target);
    } catch (error) {
      if (error instanceof ProxyError && error.status === 403) {
        this.#failedKeys.add(request.headers[trafficTokenHeader] === undefined ? "missing" : "wrong", request);
      }
      throw error;
    }
    const link = await sandbox.linkForTraffic();
    if (link === undefined) throw ProxyError.notFound(target.sandboxId);
    const servesTls = sandbox.record.network?.httpsPorts?.includes(target.port) === true;
    const to = await link.target(target.port, servesTls);
    return { to, options: requestOptions(request, to, hostFor(sandbox, request, target)) };
  }

  #refusal(error: unknown, target: SandboxTarget): ProxyError {
    if (error instanceof ProxyError) return error;
    const sandbox = this.#registry.find(target.sandboxId);
    // It was killed, or has stopped, while the request was on its way.
    if (sandbox?.isRunning !== true) return ProxyError.notFound(target.sandboxId);
    if (!isClosedPort(error)) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn({ ...target, reason }, "A request to a sandbox has failed");
    }
    return ProxyError.portClosed(target);
  }
}

interface Way {
  readonly to: LinkTarget;
  readonly options: RequestOptions;
}

function requestOptions(request: IncomingMessage, to: LinkTarget, host: string): RequestOptions {
  // In the spelling of E2B's own proxy, which programs inside compare with.
  const replace = { Host: host };
  const body = bodyHeaders(request);
  const without = [trafficTokenHeader, "content-length", "expect"];
  return {
    agent: to.agent,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: [...forwardedHeaders(request, { without, replace }), ...body],
    setHost: false,
  };
}

/** The headers that frame the body: its length where that is known. */
function bodyHeaders({ headers }: IncomingMessage): readonly string[] {
  if (headers["transfer-encoding"] !== undefined) return ["transfer-encoding", "chunked"];
  const length = headers["content-length"];
  return length === undefined ? [] : ["content-length", length];
}

function hostFor(sandbox: GatewaySandbox, { headers }: IncomingMessage, { port }: SandboxTarget): string {
  const mask = sandbox.record.network?.maskRequestHost;
  return mask === undefined ? (headers.host ?? "localhost") : mask.replaceAll(/\$\{PORT\}/g, String(port));
}

function send({ to, options }: Way): ClientRequest {
  return to.overTls ? httpsRequest(options) : httpRequest(options);
}

/** Settles when the answer is through, or broken: then the client's side is broken as well. Rejects where none began. */
function forward(request: IncomingMessage, response: ServerResponse, way: Way): Promise<void> {
  return new Promise((resolve, reject) => {
    const upstream = send(way);
    let hasBegun = false;
    response.once("close", () => upstream.destroy());
    // More than one may come: while the body is still on its way, and with the answer.
    upstream.on("error", reject);
    upstream.once("response", (answer) => {
      hasBegun = true;
      try {
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, forwardedHeaders(answer));
      } catch (error) {
        // What listens inside may say what no server may; nothing of it is left in the answer.
        response.statusMessage = "";
        upstream.destroy();
        return reject(error);
      }
      // They go out at once, byte by byte as they came: `flushHeaders` would encode them again.
      response.write(Buffer.alloc(0));
      pipeline(answer, response, (error) => {
        // An answer that breaks off must not look whole.
        if (error) response.destroy();
        resolve();
      });
    });
    request.on("error", () => upstream.destroy());
    request.pipe(upstream);
    upstream.once("close", () => {
      // It has changed the protocol without a request for that.
      if (!hasBegun) reject(new Error("The connection was closed without a response"));
      // An unread body would block the connection's next request.
      request.resume();
    });
  });
}

function forwardUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, way: Way): Promise<void> {
  const { headers } = request;
  const upgradeHeaders = ["connection", "upgrade", "upgrade", headers.upgrade ?? "websocket"];
  const upstream = send({
    ...way,
    options: { ...way.options, agent: way.to.upgradeAgent, headers: [...rawHeaders(way), ...upgradeHeaders] },
  });
  return new Promise((resolve, reject) => {
    socket.once("close", () => upstream.destroy());
    // More than one may come.
    upstream.on("error", reject);
    upstream.once("response", (answer) => {
      // It refuses the upgrade, and its response says why.
      socket.write(statusLine(answer), "latin1");
      pipeline(answer, socket, () => resolve());
    });
    upstream.once("upgrade", (answer, inside, rest) => {
      socket.write(
        statusLine(answer, ["connection", "upgrade", "upgrade", answer.headers.upgrade ?? "websocket"]),
        "latin1",
      );
      inside.unshift(rest);
      inside.write(head);
      joinSockets(socket, inside);
      resolve();
    });
    upstream.end();
  });
}

function rawHeaders({ options }: Way): readonly string[] {
  return Array.isArray(options.headers) ? options.headers : [];
}

function statusLine(answer: IncomingMessage, more: readonly string[] = ["connection", "close"]): string {
  const all = [...forwardedHeaders(answer), ...more];
  const lines = all.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Whatever listens inside has closed before it said anything; or nothing does, or the sandbox is no longer there. */
function isClosedPort(error: unknown): boolean {
  if (SandboxError.isInstance(error)) return error.code === "not-found" || error.code === "lost";
  return ["ECONNRESET", "ECONNREFUSED", "EPIPE"].includes((error as NodeJS.ErrnoException | undefined)?.code ?? "");
}

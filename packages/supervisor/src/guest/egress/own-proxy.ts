import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createConnection, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { OwnTarget } from "./own-target.ts";

const connectTimeoutMs = 10_000;
const hopByHop = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

/** Serves what programs inside ask the proxy for that is in this sandbox: its servers are reached as if there were no proxy. */
export class OwnProxy {
  readonly #targets = new WeakMap<Duplex, OwnTarget>();
  readonly #server = createServer({ requestTimeout: 0 });

  constructor() {
    this.#server.on("request", (request, response) => this.#request(request, response));
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    this.#server.on("connect", (_request: IncomingMessage, socket: Duplex, head: Buffer) => this.#tunnel(socket, head));
    this.#server.on("clientError", (_error: Error, socket: Duplex) => void socket.destroy());
  }

  /** Serves the one request that a connection holds; another one may be for another host. */
  handle(socket: Socket, target: OwnTarget): void {
    this.#targets.set(socket, target);
    this.#server.emit("connection", socket);
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    response.shouldKeepAlive = false;
    const outgoing = this.#open(request, []);
    if (outgoing === undefined) return void response.destroy();
    outgoing.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
      answer.on("error", () => response.destroy()).pipe(response);
    });
    outgoing.once("error", (error) => {
      if (response.headersSent) return void response.destroy();
      response.writeHead(502, { "content-type": "text/plain", connection: "close" }).end(this.#refusal(request, error));
    });
    response.once("close", () => outgoing.destroy());
    request.on("error", () => outgoing.destroy()).pipe(outgoing);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => {});
    const outgoing = this.#open(request, ["connection", "Upgrade", "upgrade", request.headers.upgrade ?? ""]);
    if (outgoing === undefined) return void socket.destroy();
    const answered = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage): void => {
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("");
      socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines}\r\n`);
    };
    outgoing.once("upgrade", (answer, server, rest) => {
      answered(answer);
      if (rest.length > 0) server.unshift(rest);
      join(socket, server, head);
    });
    outgoing.once("response", (answer) => {
      answered(answer);
      answer.on("error", () => socket.destroy()).pipe(socket);
    });
    outgoing.once("error", (error) => socket.end(raw(this.#refusal(request, error))));
    socket.once("close", () => outgoing.destroy());
    outgoing.end();
  }

  #tunnel(socket: Duplex, head: Buffer): void {
    const target = this.#targets.get(socket);
    socket.on("error", () => {});
    if (target === undefined) return void socket.destroy();
    const server = createConnection(connectOptions(target));
    server.once("connect", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      join(socket, server, head);
    });
    server.once("error", (error) => {
      if (socket.writable) socket.end(raw(refusal(target, error)));
    });
    socket.once("close", () => server.destroy());
  }

  /** The same request to the server here; undefined on a connection for which nothing was asked. */
  #open(request: IncomingMessage, more: readonly string[]): ReturnType<typeof httpRequest> | undefined {
    const target = this.#targets.get(request.socket);
    const [, path] = /^http:\/\/[^/?#]*(\S*)$/i.exec(request.url ?? "") ?? [];
    if (target === undefined || path === undefined) return undefined;
    const isChunked = request.headers["transfer-encoding"] !== undefined;
    return httpRequest({
      createConnection: () => createConnection(connectOptions(target)),
      method: request.method ?? "GET",
      path: path.startsWith("/") ? path : `/${path}`,
      headers: [
        ...endToEnd(request.rawHeaders),
        ...(isChunked ? ["transfer-encoding", "chunked"] : []),
        ...(more.length > 0 ? more : ["connection", "close"]),
      ],
    });
  }

  #refusal(request: IncomingMessage, error: Error): string {
    const target = this.#targets.get(request.socket);
    return target === undefined ? "" : refusal(target, error);
  }
}

/** Tries the addresses in turn: a server may listen on one family alone. */
function connectOptions({ host, port, addresses }: OwnTarget) {
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return {
    host: `own-${host.replace(/[^a-z0-9.-]/gi, "-")}`,
    port,
    timeout: connectTimeoutMs,
    noDelay: true,
    allowHalfOpen: true,
    autoSelectFamily: true,
    lookup: (_host: string, _options: unknown, done: (error: null, addresses: typeof found) => void) =>
      done(null, found),
  };
}

function join(inside: Duplex, server: Duplex, head: Buffer): void {
  if (head.length > 0) inside.unshift(head);
  inside.on("error", () => server.destroy()).once("close", () => server.destroy());
  server.on("error", () => inside.destroy()).once("close", () => inside.destroy());
  inside.pipe(server).pipe(inside);
}

function endToEnd(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !hopByHop.test(headers[index - (index % 2)] ?? ""));
}

function refusal({ host, port }: OwnTarget, error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined;
  const code = (error as NodeJS.ErrnoException).code ?? inner?.code ?? "unknown error";
  return `glovebox: ${host}:${port} is this sandbox itself, where no server answers at that port (${code})\n`;
}

function raw(text: string): string {
  const head = `HTTP/1.1 502 Bad Gateway - ${text.trimEnd()}\r\ncontent-type: text/plain\r\nconnection: close`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

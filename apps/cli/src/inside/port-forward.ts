import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type SandboxEndpoint, SandboxUnavailableError } from "@glovebox/core/provider";

const maxConnections = 256;
/** The parameter of the address that holds the token. */
const tokenName = "glovebox";

/**
 * A port of a sandbox on this machine's loopback, for HTTP and WebSockets. Other users of the machine and other web pages can
 * reach loopback too, so that a request needs the address that was printed, or the cookie that a browser gets from it.
 */
export class PortForward implements AsyncDisposable {
  readonly #token = randomBytes(16).toString("base64url");
  readonly #endpoint: SandboxEndpoint;
  readonly #port: number;
  readonly #server: Server;
  readonly #connections = new Set<Duplex>();

  private constructor(endpoint: SandboxEndpoint, port: number) {
    this.#endpoint = endpoint;
    this.#port = port;
    this.#server = createServer((incoming, response) => void this.#serve(incoming, response));
    this.#server.maxConnections = maxConnections;
    this.#server.on("upgrade", (incoming, socket, head) => void this.#upgrade(incoming, socket, head));
    this.#server.on("connection", (socket) => this.#track(socket));
  }

  /** Takes the endpoint over: closing the forward closes it. */
  static async listen(endpoint: SandboxEndpoint, port: number): Promise<PortForward> {
    const forward = new PortForward(endpoint, port);
    await new Promise<void>((resolve, reject) => {
      forward.#server.once("error", (cause) =>
        reject(new SandboxUnavailableError(`No port of this machine could be opened: ${cause.message}`, { cause })),
      );
      forward.#server.listen(0, "127.0.0.1", resolve);
    });
    return forward;
  }

  /** The address to open in a browser. Whoever knows it can use the port. */
  get url(): string {
    return `http://127.0.0.1:${this.#hostPort}/?${tokenName}=${this.#token}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
    await Promise.all([closed, this.#endpoint.close()]);
  }

  get #hostPort(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The name has the port: browsers send a cookie to every port of a host. */
  get #cookie(): string {
    return `glovebox-${this.#hostPort}`;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const access = this.#access(incoming);
    if (access === undefined) return answer(response, 403, "Open the address that glovebox has printed.");
    if (access.byAddress && incoming.headers["sec-fetch-dest"] === "document") {
      // A page must not see the token in its own address.
      const cookie = `${this.#cookie}=${this.#token}; Path=/; HttpOnly; SameSite=Lax`;
      response.writeHead(302, { location: access.path, "set-cookie": cookie, "cache-control": "no-store" }).end();
      return;
    }
    let inside: Duplex;
    try {
      inside = await this.#connect();
    } catch {
      response.setHeader("refresh", "2");
      return answer(response, 503, `Nothing listens on port ${this.#port} of the sandbox yet.`);
    }
    if (response.destroyed) return void inside.destroy();
    response.on("close", () => inside.destroy());
    this.#relay(incoming, response, access.path, inside);
  }

  /** What the program in the sandbox answers is hostile: what HTTP does not allow ends as a broken connection. */
  #relay(incoming: IncomingMessage, response: ServerResponse, path: string, inside: Duplex): void {
    const fail = () => {
      inside.destroy();
      if (response.headersSent) response.destroy();
      else answer(response, 502, broken);
    };
    try {
      const headers = this.#withoutCookie(incoming.rawHeaders);
      const { method } = incoming;
      const outgoing = request({ createConnection: () => inside, method, path, headers, setHost: false });
      outgoing.on("response", (reply) => {
        try {
          // Without its reason, which may hold any byte.
          response.writeHead(reply.statusCode ?? 0, reply.rawHeaders);
        } catch {
          return fail();
        }
        reply.on("error", () => response.destroy());
        reply.pipe(response);
      });
      outgoing.on("upgrade", fail).on("error", fail);
      incoming.pipe(outgoing);
    } catch {
      fail();
    }
  }

  async #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const access = this.#access(incoming);
    if (access === undefined) return void socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
    try {
      const inside = await this.#connect();
      if (socket.destroyed) return void inside.destroy();
      const pairs = this.#withoutCookie(incoming.rawHeaders);
      const lines = pairs.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${pairs[at + 1]}`] : []));
      inside.write(`${incoming.method} ${access.path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");
      inside.write(head);
      inside.on("close", () => socket.destroy());
      socket.on("close", () => inside.destroy());
      inside.pipe(socket).pipe(inside);
    } catch {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
    }
  }

  async #connect(): Promise<Duplex> {
    const inside = await this.#endpoint.connect();
    this.#track(inside);
    return inside;
  }

  #track(connection: Duplex): void {
    this.#connections.add(connection);
    connection.once("close", () => this.#connections.delete(connection));
    connection.on("error", () => {
      // The other side is closed with it.
    });
  }

  /** The path without the token; `undefined` for a request that holds neither the token nor the cookie. */
  #access({ url = "/", headers }: IncomingMessage): { readonly path: string; readonly byAddress: boolean } | undefined {
    const [path = "/", query] = url.split(/\?(.*)/s, 2);
    const parameters = query?.split("&") ?? [];
    const others = parameters.filter((one) => !this.#isToken(one, tokenName));
    if (others.length < parameters.length) {
      return { path: others.length === 0 ? path : `${path}?${others.join("&")}`, byAddress: true };
    }
    const cookies = (headers.cookie ?? "").split(/; */);
    return cookies.some((one) => this.#isToken(one, this.#cookie)) ? { path: url, byAddress: false } : undefined;
  }

  #isToken(assignment: string, name: string): boolean {
    return assignment.startsWith(`${name}=`) && isEqual(assignment.slice(name.length + 1), this.#token);
  }

  /** What is inside has no use for the cookie, and a connection serves one request. */
  #withoutCookie(rawHeaders: readonly string[]): string[] {
    const kept: string[] = [];
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
      const cookies = value.split(/; */).filter((one) => !this.#isToken(one, this.#cookie));
      if (name.toLowerCase() !== "cookie") kept.push(name, value);
      else if (cookies.length > 0) kept.push(name, cookies.join("; "));
    }
    return kept;
  }
}

const broken = "The program in the sandbox broke the connection.";

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(`${text}\n`);
}

function isEqual(token: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(token), digest(expected));
}

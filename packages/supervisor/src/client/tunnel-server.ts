import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { CallOptions, SandboxEndpoint } from "@glovebox/core/provider";
import { endpointTokenHeader, readGuardedHead } from "./guarded-head.ts";
import type { RequestChannel } from "./request-channel.ts";
import { StreamSocket } from "./stream-socket.ts";

/** Connections at the same time; further ones are closed as they come. */
const maxConnections = 256;

/**
 * Connections to a port inside: in this process, and by a listener on this host's loopback, which other users of the host and
 * web pages reach too and which therefore takes nothing without its token.
 */
export class TunnelServer implements SandboxEndpoint {
  readonly headers: Readonly<Record<string, string>>;
  url = "";
  readonly #token = randomBytes(32).toString("hex");
  readonly #inside = new Set<Duplex>();
  readonly #channel: RequestChannel;
  readonly #port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(channel: RequestChannel, port: number) {
    this.#channel = channel;
    this.#port = port;
    this.headers = { [endpointTokenHeader]: this.#token };
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
      this.#onConnection(socket),
    );
    this.#server.maxConnections = maxConnections;
  }

  static async listen(channel: RequestChannel, port: number): Promise<TunnelServer> {
    const tunnel = new TunnelServer(channel, port);
    const server = tunnel.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(channel.failure({ code: "internal", message: error.message })));
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (typeof address === "object" && address !== null) tunnel.url = `http://127.0.0.1:${address.port}`;
    return tunnel;
  }

  async connect(call: CallOptions = {}): Promise<Duplex> {
    this.#channel.throwIfAborted(call);
    if (!this.#server.listening) throw this.#channel.failure({ code: "not-found", message: "The endpoint is closed." });
    const stream = this.#channel.open("POST", `/tunnel/${this.#port}`);
    await this.#channel.answer(stream, call);
    const inside = new StreamSocket(stream);
    this.#inside.add(inside);
    inside.once("close", () => this.#inside.delete(inside));
    if (!this.#server.listening) inside.destroy();
    return inside;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of [...this.#sockets, ...this.#inside]) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #onConnection(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // Whoever broke it knows; the other side is closed with it.
    socket.on("error", () => {});
    // Nothing listens inside, or the connection to it broke: the outside connection ends too.
    this.#join(socket).catch(() => socket.destroy());
  }

  async #join(socket: Socket): Promise<void> {
    const head = await readGuardedHead(socket, this.#token);
    if (head === undefined) return;
    const abandoned = new AbortController();
    const abandon = (): void => abandoned.abort();
    socket.once("close", abandon);
    if (socket.destroyed) abandon();
    const inside = await this.connect({ signal: abandoned.signal });
    socket.off("close", abandon);
    inside.write(head);
    inside.once("close", () => (inside.errored === null ? socket.destroySoon() : socket.destroy()));
    socket.once("close", () => {
      if (!(socket.readableEnded && socket.writableFinished))
        inside.destroy(new Error("The connection outside broke."));
    });
    socket.pipe(inside);
    inside.pipe(socket);
  }
}

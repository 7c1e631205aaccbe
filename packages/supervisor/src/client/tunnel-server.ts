import { createServer, type Server, type Socket } from "node:net";
import type { SandboxEndpoint } from "@glovebox/core/provider";
import type { RequestChannel } from "./request-channel.ts";
import { StreamSocket } from "./stream-socket.ts";

/** Connections at the same time; further ones are closed as they come. */
const maxConnections = 256;

/** A listener on this host's loopback whose every connection is one to a port inside. */
export class TunnelServer implements SandboxEndpoint {
  readonly headers = {};
  url = "";
  readonly #channel: RequestChannel;
  readonly #port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(channel: RequestChannel, port: number) {
    this.#channel = channel;
    this.#port = port;
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

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
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
    // Nothing listens inside, or the connection to it broke: told to the one outside as the end of its own.
    this.#join(socket).catch(() => socket.destroy());
  }

  async #join(socket: Socket): Promise<void> {
    const stream = this.#channel.open("POST", `/tunnel/${this.#port}`);
    const abandoned = new AbortController();
    const abandon = (): void => abandoned.abort();
    socket.once("close", abandon);
    await this.#channel.answer(stream, { signal: abandoned.signal });
    socket.off("close", abandon);
    const inside = new StreamSocket(stream);
    inside.once("close", () => (inside.errored === null ? socket.destroySoon() : socket.destroy()));
    socket.once("close", () => {
      if (!(socket.readableEnded && socket.writableFinished))
        inside.destroy(new Error("The connection outside broke."));
    });
    socket.pipe(inside);
    inside.pipe(socket);
  }
}

import type { Http2Session, ServerHttp2Stream } from "node:http2";
import { createServer, type Socket } from "node:net";
import { bridge } from "../connection/bridge.ts";
import type { OwnProxy } from "./own-proxy.ts";
import { readFirstRequest } from "./own-target.ts";

const maxConnections = 512;
const waitForHostMs = 10_000;

/**
 * Takes connections on a loopback port and hands each to a stream that a host keeps open for it: the answer's body is
 * what came from inside, the request's body what goes back. What is asked of this sandbox itself is served here. Of several hosts the one that came last has them all: what it
 * refuses, no earlier one lets pass, also when it has gone.
 */
export class EgressListener {
  readonly #streams: ServerHttp2Stream[] = [];
  /** Those that another has taken over from. */
  readonly #former = new WeakSet<Http2Session>();
  #host: Http2Session | undefined;
  readonly #waiting: { readonly socket: Socket; readonly head: Buffer }[] = [];
  #port = 0;
  #ownProxy: Promise<OwnProxy> | undefined;
  /** Ports at which the names of this sandbox are those of the host, because a rule of the run says so. */
  hostPorts: readonly number[] | "any" = [];

  /** Resolves when it listens. */
  async listen(port: number): Promise<void> {
    this.#port = port;
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
      this.#onConnection(socket),
    );
    server.maxConnections = maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  }

  /** A host's stream, for the next connection. */
  accept(stream: ServerHttp2Stream): void {
    const { session } = stream;
    // It has ended on its way here.
    if (session === undefined) return;
    if (!this.#former.has(session)) this.#meet(session);
    this.#streams.push(stream);
    stream.once("close", () => remove(this.#streams, stream));
    this.#serveWaiting();
  }

  #meet(host: Http2Session): void {
    if (this.#host !== undefined && this.#host !== host) this.#former.add(this.#host);
    this.#host = host;
  }

  async #onConnection(socket: Socket): Promise<void> {
    socket.on("error", () => {});
    const { own, head } = await readFirstRequest(socket);
    if (own !== undefined && this.#isHere(own.port)) {
      // Loaded at the first use: most sandboxes have none.
      this.#ownProxy ??= import("./own-proxy.ts").then((loaded) => new loaded.OwnProxy());
      return (await this.#ownProxy).handle(socket, own);
    }
    if (socket.destroyed) return;
    const waiting = { socket, head };
    this.#waiting.push(waiting);
    this.#serveWaiting();
    if (!this.#waiting.includes(waiting)) return;
    const timer = setTimeout(() => {
      if (remove(this.#waiting, waiting)) socket.destroy();
    }, waitForHostMs);
    socket.once("close", () => {
      clearTimeout(timer);
      remove(this.#waiting, waiting);
    });
  }

  /** Whether a port of loopback is the sandbox's. The listener's own would lead back to it without end. */
  #isHere(port: number): boolean {
    return this.hostPorts !== "any" && !this.hostPorts.includes(port) && port !== this.#port;
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const stream = this.#streams.find(({ session }) => session === this.#host);
      if (stream === undefined) return;
      remove(this.#streams, stream);
      const waiting = this.#waiting.shift();
      if (waiting !== undefined) bridge(waiting.socket, stream, waiting.head);
    }
  }
}

function remove<T>(list: T[], item: T): boolean {
  const index = list.indexOf(item);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}

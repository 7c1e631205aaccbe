import type { ServerHttp2Stream } from "node:http2";
import { createServer, type Socket } from "node:net";
import { bridge } from "./bridge.ts";

const maxConnections = 512;
const waitForHostMs = 10_000;

/**
 * Takes connections on a loopback port and hands each to a stream that a host keeps open for it: the answer's body is
 * what came from inside, the request's body what goes back.
 */
export class EgressListener {
  readonly #hosts: ServerHttp2Stream[] = [];
  readonly #waiting: Socket[] = [];

  /** Resolves when it listens. */
  async listen(port: number): Promise<void> {
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
    const socket = this.#waiting.shift();
    if (socket !== undefined) {
      bridge(socket, stream);
      return;
    }
    this.#hosts.push(stream);
    stream.once("close", () => remove(this.#hosts, stream));
  }

  #onConnection(socket: Socket): void {
    socket.on("error", () => {});
    const stream = this.#hosts.shift();
    if (stream !== undefined) {
      bridge(socket, stream);
      return;
    }
    this.#waiting.push(socket);
    const timer = setTimeout(() => {
      if (remove(this.#waiting, socket)) socket.destroy();
    }, waitForHostMs);
    socket.once("close", () => {
      clearTimeout(timer);
      remove(this.#waiting, socket);
    });
  }
}

function remove<T>(list: T[], item: T): boolean {
  const index = list.indexOf(item);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}

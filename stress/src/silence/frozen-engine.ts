import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

const engineSocket = "/var/run/docker.sock";

/** A way to the engine that can stop passing anything on while every connection stays open, or be gone for a while. */
export class FrozenEngine implements AsyncDisposable {
  readonly host: string;
  readonly #server: Server;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();
  #refusesNew = false;

  private constructor(path: string) {
    this.host = `unix://${path}`;
    this.#path = path;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client));
  }

  static async listen(directory: string): Promise<FrozenEngine> {
    const engine = new FrozenEngine(join(directory, "engine.sock"));
    await engine.back();
    return engine;
  }

  /** From here on nothing passes: on the connections that are open, and unless `onlyOpen` on new ones either. */
  freeze({ onlyOpen }: { readonly onlyOpen: boolean }): void {
    this.#refusesNew = !onlyOpen;
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  /** New connections pass again. Those that were frozen stay so. */
  thaw(): void {
    this.#refusesNew = false;
  }

  /** Closes every connection and takes no new one, as an engine that has ended. */
  async leave(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Takes connections, again after `leave`. */
  async back(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#path, resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  #join(client: Socket): void {
    this.#hold(client);
    if (this.#refusesNew) return;
    const engine = connect({ path: engineSocket, allowHalfOpen: true });
    this.#hold(engine);
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      one.once("close", () => other.destroy());
      one.pipe(other);
    }
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {}).once("close", () => this.#sockets.delete(socket));
  }
}

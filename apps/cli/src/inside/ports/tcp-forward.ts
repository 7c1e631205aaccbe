import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { InvalidOptionsError, type SandboxEndpoint, SandboxUnavailableError } from "@glovebox/core/provider";
import { joinStreams } from "./join-streams.ts";
import type { PortMapping } from "./port-mapping.ts";

const maxConnections = 256;

export interface TcpForwardOptions extends PortMapping {
  /** Called for the first connection in a row that reaches nothing inside. */
  readonly onRefused: () => void;
}

/**
 * A port of a sandbox on this machine's loopback, for any protocol over TCP: bytes pass as they are, both ways, and nothing here
 * reads them. Every user of this machine can connect to it.
 */
export class TcpForward implements AsyncDisposable {
  readonly #endpoint: SandboxEndpoint;
  readonly #options: TcpForwardOptions;
  readonly #server: Server;
  readonly #closing = new AbortController();
  readonly #connections = new Set<Duplex>();
  #isRefused = false;

  private constructor(endpoint: SandboxEndpoint, options: TcpForwardOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => void this.#serve(socket));
    this.#server.maxConnections = maxConnections;
  }

  /** Takes the endpoint over: closing the forward closes it. */
  static async listen(endpoint: SandboxEndpoint, options: TcpForwardOptions): Promise<TcpForward> {
    const forward = new TcpForward(endpoint, options);
    const { host, port } = options;
    try {
      await new Promise<void>((resolve, reject) => {
        forward.#server.once("error", reject);
        forward.#server.listen(port, host, resolve);
      });
    } catch (error) {
      await endpoint.close();
      throw listenError(error as NodeJS.ErrnoException, options);
    }
    return forward;
  }

  /** Where it listens. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
    await Promise.all([closed, this.#endpoint.close()]);
  }

  async #serve(socket: Socket): Promise<void> {
    this.#track(socket);
    try {
      const inside = await this.#endpoint.connect({ signal: this.#closing.signal });
      this.#track(inside);
      this.#isRefused = false;
      joinStreams(socket, inside);
    } catch {
      socket.resetAndDestroy();
      if (this.#isRefused || this.#closing.signal.aborted) return;
      this.#isRefused = true;
      this.#options.onRefused();
    }
  }

  #track(connection: Duplex): void {
    this.#connections.add(connection);
    connection.once("close", () => this.#connections.delete(connection));
    connection.on("error", () => {
      // The other side is closed with it.
    });
  }
}

function listenError(error: NodeJS.ErrnoException, { host, port, inside }: PortMapping): Error {
  const place = `${host}:${port}`;
  if (error.code === "EADDRINUSE") {
    return new InvalidOptionsError(`The port ${place} of this machine is in use`, {
      hint: `Choose another one, or 0 for a free one: 0:${inside}`,
    });
  }
  if (error.code === "EACCES") {
    return new InvalidOptionsError(`You may not open the port ${place} of this machine`, {
      hint: `Choose one above 1023, or 0 for a free one: 0:${inside}`,
    });
  }
  return new SandboxUnavailableError(`The port ${place} of this machine could not be opened: ${error.message}`, {
    cause: error,
  });
}

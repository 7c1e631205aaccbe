import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { CaseContext } from "../../case-context.ts";

/** What reached a server of this host. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server of this host, at an address where the provider's egress reaches it. */
export class HostServer {
  readonly seen: SeenRequest[] = [];
  /** Of every kind, those that ask for nothing included. */
  connections = 0;
  readonly host: string;
  readonly #server: Server;

  private constructor(host: string, answer: RequestListener) {
    this.host = host;
    this.#server = createServer((request, response) => {
      this.seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers });
      request.resume().on("end", () => answer(request, response));
    });
    this.#server.on("connection", () => {
      this.connections += 1;
    });
  }

  static async start(
    { options }: Pick<CaseContext, "options">,
    answer: RequestListener = (_, response) => void response.end("reached"),
  ): Promise<HostServer> {
    const { hostServers } = options;
    const server = new HostServer(hostServers?.address() ?? options.hostAddress ?? ownAddress(), answer);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject).listen(hostServers?.port ?? 0, server.host, resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** An address of this machine that is no loopback, where it has one. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

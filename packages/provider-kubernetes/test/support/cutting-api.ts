import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { ClusterTransport } from "../../src/cluster/cluster-transport.ts";
import { loadKubeconfig } from "../../src/cluster/load-kubeconfig.ts";
import { type Cut, CutConnection, type DoneCut } from "./cut-connection.ts";

/**
 * The API server of the tests' cluster behind an address of plain http, where each stream of an exec can be cut. Whoever
 * connects has the rights of the kubeconfig.
 */
export class CuttingApi implements AsyncDisposable {
  /** Decides for the stream of each exec how it is cut. Default: not at all. */
  plan: (path: string) => Cut | undefined = () => undefined;
  readonly cuts: DoneCut[] = [];
  /** The streams that were asked for. */
  streams = 0;
  readonly #server: Server;
  readonly #directory: string;
  readonly #sockets = new Set<Socket>();
  readonly #connect: () => TLSSocket;

  private constructor(directory: string, connect: () => TLSSocket) {
    this.#directory = directory;
    this.#connect = connect;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));
  }

  /** In front of a cluster, with the client certificate of its kubeconfig. */
  static async listen(kubeconfig: string): Promise<CuttingApi> {
    const loaded = await loadKubeconfig({ kubeconfig });
    const { agent } = await new ClusterTransport(loaded).connectionOptions();
    const { ca, cert, key } = (agent as unknown as { readonly options: Record<string, Buffer> }).options;
    const { hostname: host, port } = loaded.server;
    const options = {
      host,
      port: Number(port || 443),
      ca,
      cert,
      key,
      allowHalfOpen: true,
      ALPNProtocols: ["http/1.1"],
    };
    const api = new CuttingApi(await mkdtemp(join(tmpdir(), "glovebox-api-")), () => connectTls(options));
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    await writeFile(api.kubeconfig, api.#kubeconfigText());
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The path of a kubeconfig that leads here. */
  get kubeconfig(): string {
    return join(this.#directory, "kubeconfig");
  }

  /** The connections that are open. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Cuts every connection, whatever was planned. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#directory, { recursive: true });
  }

  #kubeconfigText(): string {
    const cluster = { server: this.url, "insecure-skip-tls-verify": true };
    return JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "cut" },
      clusters: [{ name: "cut", cluster }],
      users: [{ name: "cut", user: {} }],
      contexts: [{ name: "cut", context: { cluster: "cut", user: "cut" } }],
    });
  }

  #join(client: Socket): void {
    const server = this.#connect();
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    new CutConnection(client, server, this);
  }
}

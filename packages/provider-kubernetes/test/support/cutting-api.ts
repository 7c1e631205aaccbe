import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { ClusterTransport } from "../../src/cluster/cluster-transport.ts";
import { loadKubeconfig } from "../../src/cluster/load-kubeconfig.ts";

/**
 * How a connection is cut: both ways at once, by an end in both directions, or so that for a moment only one direction
 * passes, or none. The last three end with a cut.
 */
export type CutKind = "reset" | "end" | "from-server" | "to-server" | "silence";

export interface Cut {
  readonly kind: CutKind;
  /** After this number of bytes in both directions, from the first of the request for the stream on. */
  readonly afterBytes: number;
  /** After this time, where it comes first, from when the stream is in use: its first {@link useBytes} have passed. */
  readonly afterMs: number;
}

/** A cut, and how many bytes had passed by then. */
export interface DoneCut extends Cut {
  readonly passed: number;
}

const lingerMs = 400;
/** By then the upgrade, the greeting and the answer to a first request have passed. */
const useBytes = 4096;

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

/** One connection through a {@link CuttingApi}. */
class CutConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #api: CuttingApi;
  readonly #blocked = new Set<Socket>();
  #cut: Cut | undefined;
  #isCut = false;
  #timer: NodeJS.Timeout | undefined;
  #passed = 0;

  constructor(client: Socket, server: Socket, api: CuttingApi) {
    this.#client = client;
    this.#server = server;
    this.#api = api;
    client.on("data", (piece) => {
      if (this.#cut === undefined) this.#look(piece);
      this.#pass(client, server, piece);
    });
    server.on("data", (piece) => this.#pass(server, client, piece));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      to.on("drain", () => this.#blocked.has(from) || from.resume());
      from.on("end", () => this.#blocked.has(from) || to.end());
    }
  }

  #look(piece: Buffer): void {
    const path = /^GET (\S+\/exec\?\S*) HTTP/.exec(piece.toString("latin1"))?.[1];
    if (path === undefined) return;
    this.#api.streams += 1;
    this.#cut = this.#api.plan(path);
  }

  #startTimer({ afterMs }: Cut): void {
    this.#timer = setTimeout(() => this.#strike(), afterMs);
    this.#client.once("close", () => clearTimeout(this.#timer));
  }

  #pass(from: Socket, to: Socket, piece: Buffer): void {
    if (this.#blocked.has(from)) return;
    const left = this.#cut === undefined || this.#isCut ? piece.length : this.#cut.afterBytes - this.#passed;
    const passed = piece.subarray(0, Math.max(0, left));
    this.#passed += passed.length;
    if (this.#cut !== undefined && this.#timer === undefined && this.#passed >= useBytes) this.#startTimer(this.#cut);
    if (!to.write(passed)) from.pause();
    if (passed.length === piece.length) return;
    this.#strike();
    // Where this direction still passes, nothing of it may be missing: a connection loses only its end.
    if (!this.#blocked.has(from) && !to.destroyed) to.write(piece.subarray(passed.length));
  }

  #strike(): void {
    if (this.#cut === undefined || this.#isCut) return;
    this.#isCut = true;
    this.#api.cuts.push({ ...this.#cut, passed: this.#passed });
    const [client, server] = [this.#client, this.#server];
    const { kind } = this.#cut;
    if (kind === "reset") {
      client.resetAndDestroy();
      server.destroy();
      return;
    }
    if (kind !== "to-server") this.#block(server);
    if (kind !== "from-server") this.#block(client);
    if (kind === "end") for (const socket of [client, server]) socket.end();
    setTimeout(() => client.destroy(), lingerMs);
  }

  #block(socket: Socket): void {
    this.#blocked.add(socket);
    socket.pause();
  }
}

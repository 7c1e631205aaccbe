import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { answerFault } from "./answer-fault.ts";
import { callName } from "./call-name.ts";
import type { FaultKind } from "./fault-kind.ts";
import { streamFault } from "./stream-fault.ts";
import { Upstream } from "./upstream.ts";

/** One call that the proxy has seen. */
export interface SeenCall {
  /** Method and path, and how often that was called before: `POST /containers/create #1`. */
  readonly name: string;
  /** Whether it became a stream both ways. */
  readonly isStream: boolean;
  /** What came back over it, in bytes. */
  answerBytes: number;
}

export interface FaultProxyOptions {
  readonly upstream: string;
  /** The call that the fault hits; none by default. */
  readonly call?: SeenCall;
  readonly kind?: FaultKind;
  /** Called with every call before it continues. */
  readonly onCall?: (call: SeenCall) => void;
}

/** Stands between a provider and its vendor's HTTP interface, and spoils one call. */
export class FaultProxy {
  readonly calls: SeenCall[] = [];
  readonly #options: FaultProxyOptions;
  readonly #upstream: Upstream;
  readonly #server: Server;
  readonly #counts = new Map<string, number>();
  readonly #open = new Set<Duplex>();
  #address = "";
  #directory: string | undefined;
  #hits = 0;

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#upstream = new Upstream(options.upstream);
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on("upgrade", (request, client, head) => this.#stream(request, client, head));
    this.#server.on("connection", (socket) => this.#hold(socket));
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.#listen();
    return proxy;
  }

  /** Where the provider reaches the vendor through it. */
  get address(): string {
    return this.#address;
  }

  /** Whether the fault's call was made. */
  get hasHit(): boolean {
    return this.#hits > 0;
  }

  /** Ends every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }

  async #listen(): Promise<void> {
    if (this.#upstream.isSocket) {
      this.#directory = await mkdtemp(join(tmpdir(), "glovebox-fault-"));
      const path = join(this.#directory, "proxy.sock");
      await new Promise<void>((resolve) => this.#server.listen(path, resolve));
      this.#address = `unix://${path}`;
      return;
    }
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const call = this.#see(request, false);
    const fault = this.#fault(call);
    const forward = () => this.#upstream.request(request);
    answerFault({ fault, request, response, forward, onBytes: (bytes) => count(call, bytes) });
  }

  #stream(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const call = this.#see(request, true);
    const fault = this.#fault(call);
    const forward = (): Duplex => {
      const server = this.#upstream.stream(request);
      this.#hold(server);
      server.write(head);
      return server;
    };
    const half = (this.#options.call?.answerBytes ?? 0) / 2;
    streamFault({ fault, client, forward, half, onBytes: (bytes) => count(call, bytes) });
  }

  #see(request: IncomingMessage, isStream: boolean): SeenCall {
    const name = callName(request.method, request.url);
    const times = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, times);
    const call = { name: `${name} #${times}`, isStream, answerBytes: 0 };
    this.calls.push(call);
    this.#options.onCall?.(call);
    return call;
  }

  #fault(call: SeenCall): FaultKind | undefined {
    if (this.#options.call?.name !== call.name) return undefined;
    this.#hits += 1;
    return this.#options.kind;
  }

  #hold(socket: Duplex): void {
    this.#open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#open.delete(socket));
  }
}

function count(call: SeenCall, bytes: number): void {
  call.answerBytes += bytes;
}

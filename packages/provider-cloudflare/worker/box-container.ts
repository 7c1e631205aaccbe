import { ApiError } from "./api-error.ts";
import type { BoxRecord } from "./box-record.ts";
import { mainProcess } from "./main-process.ts";
import { startFailure } from "./start-failure.ts";
import { doorPort, doorTokenHeader, supervisorEgressPort } from "./supervisor-facts.ts";
import { untilServing } from "./until-serving.ts";

/**
 * The runtime takes a WebSocket to a connection that an earlier request has left open, and breaks that one (workerd, seen
 * with 1.20261117). Each try uses one such connection up.
 */
const upgradeTries = 4;

/** What a container is made from. */
export type BoxSource = { readonly image: string } | { readonly snapshot: string };

/** A sandbox's container on the platform: everything that is asked of it, with refusals in the protocol's words. */
export class BoxContainer {
  readonly #container: Container;

  constructor(container: Container | undefined) {
    if (container === undefined) {
      throw new ApiError("unavailable", "This Worker's configuration gives its objects no containers.", {
        hint: "The class Box needs an entry under `containers`.",
      });
    }
    this.#container = container;
  }

  get running(): boolean {
    return this.#container.running;
  }

  /** The names of the configuration's images, and the references behind them. */
  get images(): Readonly<Record<string, string>> {
    return this.#container.images ?? {};
  }

  /**
   * Starts it without a network of its own and resolves when its supervisor serves. `onEnd` is told when it has ended, whatever
   * the reason. When it fails nothing runs.
   */
  async start(record: BoxRecord, source: BoxSource, signal: AbortSignal, onEnd: () => void): Promise<void> {
    const options = {
      ...(await mainProcess(record)),
      enableInternet: false,
      instance: record.instanceType,
    };
    try {
      const from = "image" in source ? { image: source.image } : { containerSnapshot: { id: source.snapshot } };
      this.#container.start({ ...options, ...from });
      const ended = this.watch(onEnd);
      await untilServing(this.#container, ended, signal);
    } catch (error) {
      await this.destroy();
      throw startFailure(error);
    }
  }

  /** Resolves or rejects with the container's end, and tells it once more to `onEnd`. */
  watch(onEnd: () => void): Promise<void> {
    const ended = this.#container.monitor();
    ended.then(onEnd, onEnd);
    return ended;
  }

  /** Asks the platform to leave the container running for so long while its object sleeps. */
  async keepAwake(ms: number): Promise<void> {
    if (this.running) await this.#container.setInactivityTimeout(ms);
  }

  /** Lets plain HTTP requests of the container to an address (`IP:port`) reach a part of this Worker. Before its start. */
  async intercept(address: string, target: Fetcher): Promise<void> {
    await this.#container.interceptOutboundHttp(address, target);
  }

  /** Keeps its file system. Resolves to the snapshot's id. */
  async snapshot(name: string): Promise<string> {
    const { id } = await this.#container.snapshotContainer({ name });
    return id;
  }

  async destroy(): Promise<void> {
    if (this.running) await this.#container.destroy();
  }

  exec(argv: readonly string[], options: ContainerExecOptions): Promise<ExecProcess> {
    return this.#container.exec([...argv], options);
  }

  /** A WebSocket to the supervisor's door. Of the client's own headers none goes in, its key least of all. */
  openDoor(request: Request, token: string): Promise<Response> {
    if (!asksForWebSocket(request)) {
      throw new ApiError("invalid-options", "The door takes a WebSocket only.", { status: 426 });
    }
    const headers = { upgrade: "websocket", [doorTokenHeader]: token };
    return this.#pass(doorPort, new Request("http://box/", { headers }));
  }

  /** Passes a request, which may ask for a WebSocket, to a port inside. The Worker's own key does not go with it. */
  openPort(given: string, path: string, request: Request): Promise<Response> {
    const port = /^\d{1,5}$/.test(given) ? Number(given) : 0;
    if (!(port >= 1 && port <= 65_535) || port === doorPort || port === supervisorEgressPort) {
      throw new ApiError("invalid-options", `The port ${JSON.stringify(given)} cannot be reached.`);
    }
    const inner = new Request(`http://127.0.0.1:${port}${path}`, request);
    inner.headers.delete("authorization");
    inner.headers.delete("cookie");
    return this.#pass(port, new Request(inner, { redirect: "manual" }));
  }

  async #pass(port: number, request: Request): Promise<Response> {
    for (let tries = asksForWebSocket(request) ? upgradeTries : 1; ; tries -= 1) {
      try {
        return await this.#container.getTcpPort(port).fetch(request);
      } catch (cause) {
        if (tries > 1 && (cause as { retryable?: unknown }).retryable === true) continue;
        throw new ApiError("unavailable", `Nothing listens on the port ${port} of the sandbox.`, {
          cause,
          status: 502,
          hint: "The program has to listen on 0.0.0.0.",
        });
      }
    }
  }
}

function asksForWebSocket(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

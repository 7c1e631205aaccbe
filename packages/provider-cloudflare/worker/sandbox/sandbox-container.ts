import { ApiError } from "../http/api-error.ts";
import { mainProcess } from "../supervisor/main-process.ts";
import { endpointTokenHeader, supervisorEgressPort, supervisorPort } from "../supervisor/supervisor-facts.ts";
import { waitUntilReady } from "../supervisor/wait-until-ready.ts";
import type { SandboxRecord } from "./sandbox-record.ts";
import { isWorthAnotherStart, startFailure } from "./start-failure.ts";

/**
 * The runtime may send an upgrade over a kept-alive connection of an earlier request, which then breaks (workerd 1.20261117).
 * Each attempt uses up one such connection.
 */
const upgradeAttempts = 4;

/** The pauses between attempts to start a container that the platform did not start, in milliseconds. */
const startPausesMs = [250, 750, 2000];

/** What a container starts from. */
export type SandboxSource = { readonly image: string } | { readonly snapshot: string };

/** A sandbox's container on the platform. Maps the platform's failures to the protocol's errors. */
export class SandboxContainer {
  readonly #container: Container;

  constructor(container: Container | undefined) {
    if (container === undefined) {
      throw new ApiError("unavailable", "This Worker's configuration has no containers.", {
        hint: "Add the class SandboxObject to `containers` in wrangler.jsonc.",
      });
    }
    this.#container = container;
  }

  get running(): boolean {
    return this.#container.running;
  }

  /** The images of the configuration: references by name. */
  get images(): Readonly<Record<string, string>> {
    return this.#container.images ?? {};
  }

  /**
   * Starts the container without network access and resolves when its supervisor is ready. Calls `onEnd` when the container
   * ends for any reason. Retries if the platform fails before anything ran in it. If it rejects, nothing is running.
   */
  async start(record: SandboxRecord, source: SandboxSource, signal: AbortSignal, onEnd: () => void): Promise<void> {
    for (const pauseMs of [...startPausesMs, undefined]) {
      try {
        return await this.#startOnce(record, source, signal, onEnd);
      } catch (error) {
        await this.destroy();
        if (pauseMs === undefined || signal.aborted || !isWorthAnotherStart(error)) throw startFailure(error);
        console.warn("Starting the container again:", error);
        await scheduler.wait(pauseMs);
      }
    }
  }

  async #startOnce(
    record: SandboxRecord,
    source: SandboxSource,
    signal: AbortSignal,
    onEnd: () => void,
  ): Promise<void> {
    const options = {
      ...(await mainProcess(record)),
      enableInternet: false,
      instance: record.instanceType,
    };
    const from = "image" in source ? { image: source.image } : { containerSnapshot: { id: source.snapshot } };
    this.#container.start({ ...options, ...from });
    const ended = this.watch(onEnd);
    await waitUntilReady(this.#container, ended, signal);
  }

  /** Settles when the container ends, and also calls `onEnd`. */
  watch(onEnd: () => void): Promise<void> {
    const ended = this.#container.monitor();
    ended.then(onEnd, onEnd);
    return ended;
  }

  /** Asks the platform to keep the container running for `ms` while its object sleeps. */
  async keepAwake(ms: number): Promise<void> {
    if (this.running) await this.#container.setInactivityTimeout(ms);
  }

  /** Redirects plain HTTP requests to an address (`IP:port`) to a target in this Worker. Call it before the start. */
  async intercept(address: string, target: Fetcher): Promise<void> {
    await this.#container.interceptOutboundHttp(address, target);
  }

  /** Snapshots the file system. Resolves to the snapshot's id. */
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

  /** Opens a WebSocket to the supervisor. Forwards none of the client's headers: they include its key. */
  connectWebSocket(request: Request, token: string): Promise<Response> {
    if (!isWebSocketUpgrade(request)) {
      throw new ApiError("invalid-options", "Expected a WebSocket upgrade.", { status: 426 });
    }
    const headers = { upgrade: "websocket", [endpointTokenHeader]: token };
    return this.#fetch(supervisorPort, new Request("http://sandbox/", { headers }));
  }

  /** Forwards a request, possibly a WebSocket upgrade, to a port inside, without the Worker's key. */
  forwardToPort(portText: string, path: string, request: Request): Promise<Response> {
    const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
    if (!(port >= 1 && port <= 65_535) || port === supervisorPort || port === supervisorEgressPort) {
      throw new ApiError("invalid-options", `Invalid or reserved port ${JSON.stringify(portText)}.`);
    }
    const inner = new Request(`http://127.0.0.1:${port}${path}`, request);
    inner.headers.delete("authorization");
    inner.headers.delete("cookie");
    return this.#fetch(port, new Request(inner, { redirect: "manual" }));
  }

  async #fetch(port: number, request: Request): Promise<Response> {
    for (let attempts = isWebSocketUpgrade(request) ? upgradeAttempts : 1; ; attempts -= 1) {
      try {
        return await this.#container.getTcpPort(port).fetch(request);
      } catch (cause) {
        if (attempts > 1 && (cause as { retryable?: unknown }).retryable === true) continue;
        throw new ApiError("unavailable", `Nothing listens on port ${port} in the sandbox.`, {
          cause,
          status: 502,
          hint: "The program must listen on 0.0.0.0.",
        });
      }
    }
  }
}

function isWebSocketUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

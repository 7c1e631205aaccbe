import { join } from "node:path";
import type { SandboxProvider } from "@glovebox/core/provider";
import type { DirectoryLock } from "@glovebox/core/state";
import type { E2bGateway } from "@glovebox/e2b-gateway";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { aborted } from "./aborted.ts";
import { createApp } from "./app.ts";
import { createGateway } from "./create-gateway.ts";
import { type Handlers, type Listener, listen } from "./listener.ts";
import { lockDirectory } from "./lock-directory.ts";
import type { RunService } from "./runs/run-service.ts";
import type { ApiKeys } from "./security/api-keys.ts";
import type { ServerSettings } from "./server-settings.ts";
import type { ServerCertificate } from "./tls/server-certificate.ts";

export interface ServerParts {
  readonly settings: ServerSettings;
  readonly keys: ApiKeys;
  readonly provider: SandboxProvider;
  readonly service: RunService;
  readonly certificate: ServerCertificate | undefined;
  readonly logger: Logger;
}

/** The listeners of a server and, where it serves E2B's protocol, the gateway. */
export class Server {
  readonly #parts: ServerParts;
  readonly #handlers: Handlers;
  readonly #listeners: Listener[] = [];
  #plain: Listener | undefined;
  #secure: Listener | undefined;
  #lock: DirectoryLock | undefined;
  #gateway: E2bGateway | undefined;
  #isReady = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const { provider, service, keys, settings, logger } = parts;
    const isReady = (): boolean => this.#isReady;
    const app = createApp({ provider, service, keys: keys.secrets, home: settings.home, isReady, logger });
    const handle = getRequestListener(app.fetch);
    this.#handlers = {
      handle: (request, response) => {
        if (this.#gateway?.owns(request)) void this.#gateway.handle(request, response);
        else void handle(request, response);
      },
      upgrade: (request, socket, head) => {
        if (this.#gateway?.owns(request)) void this.#gateway.upgrade(request, socket, head);
        else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      },
    };
  }

  /** `http://127.0.0.1:3210`. */
  get url(): string {
    const { host } = this.#parts.settings;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.#plain?.port ?? 0}`;
  }

  /** Of E2B's protocol over TLS, with its port: the value of `E2B_DOMAIN`. */
  get domain(): string | undefined {
    const { e2bDomain } = this.#parts.settings;
    if (this.#secure === undefined) return undefined;
    return this.#secure.port === 443 ? e2bDomain : `${e2bDomain}:${this.#secure.port}`;
  }

  /** The authority to trust, in PEM: the value of `NODE_EXTRA_CA_CERTS`. */
  get authorityFile(): string | undefined {
    return this.#parts.certificate?.authorityFile;
  }

  get keys(): ApiKeys {
    return this.#parts.keys;
  }

  /** Resolves once it serves requests. Where that fails it rejects, and nothing is left. Aborting ends the wait for the base template. */
  async start(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#listen();
      if (this.#parts.settings.e2b) await this.#startGateway(signal);
      this.#isReady = true;
    } catch (error) {
      await this.#gateway?.close({ sandboxes: "leave" });
      this.#lock?.release();
      await Promise.all(this.#listeners.map((listener) => listener.close()));
      throw error;
    }
  }

  /** Accepts nothing new, cancels the runs and collects their files. Aborting the signal stops everything at once. */
  async close(signal: AbortSignal): Promise<void> {
    const { settings, service } = this.#parts;
    for (const listener of this.#listeners) listener.stop();
    const sandboxes = settings.endSandboxes ? "kill" : "leave";
    await Promise.all([service.close(signal), this.#gateway?.close({ sandboxes })]);
    await Promise.all(this.#listeners.map((listener) => listener.close(signal)));
    this.#lock?.release();
  }

  async #listen(): Promise<void> {
    const { settings, certificate } = this.#parts;
    this.#plain = await listen(this.#handlers, settings);
    this.#listeners.push(this.#plain);
    if (settings.tls === undefined) return;
    this.#secure = await listen(this.#handlers, { host: settings.host, port: settings.tls.port }, certificate);
    this.#listeners.push(this.#secure);
  }

  async #startGateway(signal: AbortSignal | undefined): Promise<void> {
    const { settings, provider, keys, logger } = this.#parts;
    const stateDir = join(settings.stateDir, "e2b");
    this.#lock = await lockDirectory(stateDir);
    this.#gateway = createGateway({ settings, stateDir, provider, keys, domain: this.domain, logger });
    await this.#gateway.start();
    await prepareBase(this.#gateway, logger, signal);
  }
}

/** Builds the base template. The first time takes minutes, for which clients of E2B do not wait. */
async function prepareBase(gateway: E2bGateway, logger: Logger, signal: AbortSignal | undefined): Promise<void> {
  const timer = setTimeout(() => logger.info("Building the base template; the first time takes a while"), 1_000);
  try {
    await Promise.race([gateway.prepare(), ...(signal === undefined ? [] : [aborted(signal)])]);
  } catch (error) {
    logger.warn({ reason: (error as Error).message }, "Building the base template failed");
  } finally {
    clearTimeout(timer);
  }
}

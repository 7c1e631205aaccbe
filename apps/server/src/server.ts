import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { DirectoryLock } from "@glovebox/core/state";
import type { E2bGateway } from "@glovebox/e2b-gateway";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { aborted } from "./aborted.ts";
import { isConfidential } from "./access/network/is-confidential.ts";
import { isLoopback } from "./access/network/is-loopback.ts";
import type { ApiParts } from "./api/api-parts.ts";
import { createApp } from "./app.ts";
import { createGateway } from "./create-gateway.ts";
import { type Handlers, type Listener, listen } from "./listener.ts";
import { lockDirectory } from "./lock-directory.ts";
import type { Observer } from "./observe/observer.ts";
import { PreviewProxy } from "./previews/preview-proxy.ts";
import { RunPorts } from "./previews/run-ports.ts";
import type { ApiKeys } from "./security/api-keys.ts";
import type { ServerCertificate } from "./tls/server-certificate.ts";
import { Upgrades } from "./upgrades.ts";

export interface ServerParts extends ApiParts {
  readonly keys: ApiKeys;
  readonly observer: Observer;
  readonly certificate: ServerCertificate | undefined;
}

/** The listeners of a server: in front of its API, the previews of ports, and E2B's protocol. */
export class Server {
  readonly #parts: ServerParts;
  readonly #handlers: Handlers;
  readonly #listeners: Listener[] = [];
  readonly #ports: RunPorts;
  readonly #upgrades: Upgrades;
  #plain: Listener | undefined;
  #secure: Listener | undefined;
  #lock: DirectoryLock | undefined;
  #gateway: E2bGateway | undefined;
  #isReady = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const { access, store, plugins } = parts;
    const app = createApp({ ...parts, isReady: () => this.#isReady });
    const handle = getRequestListener(app.fetch);
    this.#ports = new RunPorts(store, plugins);
    const previews = new PreviewProxy(access, this.#ports);
    this.#upgrades = new Upgrades(app.fetch);
    this.#handlers = {
      handle: (request, response) => {
        if (previews.owns(request)) void previews.handle(request, response);
        else if (!this.#gateway?.owns(request)) void handle(request, response);
        else if (this.#isConfidential(request)) void this.#gateway.handle(request, response);
        else response.writeHead(403, { connection: "close" }).end();
      },
      upgrade: (request, socket, head) => {
        if (previews.owns(request)) void previews.upgrade(request, socket, head);
        else if (!this.#gateway?.owns(request)) {
          this.#upgrades.handle(request, socket, head).catch(() => socket.destroy());
        } else if (this.#isConfidential(request)) void this.#gateway.upgrade(request, socket, head);
        else socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      },
    };
  }

  /** `http://127.0.0.1:3210`. */
  get url(): string {
    const host = this.#plainHost;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.#plain?.port ?? 0}`;
  }

  /** Of E2B's protocol over TLS, with its port: the value of `E2B_DOMAIN`. */
  get domain(): string | undefined {
    const { e2bDomain, tls } = this.#parts.settings;
    // An authority asks for no more than the names themselves: not for the subdomains of E2B's.
    if (this.#secure === undefined || tls?.acme !== undefined) return undefined;
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

  /** Takes the place of the certificate with which TLS began. */
  useCertificate(certificate: ServerCertificate): void {
    this.#secure?.useCertificate(certificate);
  }

  /** Accepts no new connection. Those that are open stay: whoever follows a run sees its end. */
  stop(): void {
    for (const listener of this.#listeners) listener.stop();
  }

  /** Ends every connection. Aborting the signal ends them at once. */
  async close(signal: AbortSignal): Promise<void> {
    const sandboxes = this.#parts.settings.endSandboxes ? "kill" : "leave";
    this.#upgrades.close();
    await Promise.all([this.#gateway?.close({ sandboxes }), this.#ports.close()]);
    await Promise.all(this.#listeners.map((listener) => listener.close(signal)));
    this.#lock?.release();
  }

  #isConfidential(request: IncomingMessage): boolean {
    return isConfidential(this.#parts.access.clientOf(request));
  }

  /** Where TLS is served to others, plain HTTP is for this machine alone. */
  get #plainHost(): string {
    const { host, tls, access } = this.#parts.settings;
    return tls !== undefined && access.trustedProxies.length === 0 && !isLoopback(host) ? "127.0.0.1" : host;
  }

  async #listen(): Promise<void> {
    const { settings, certificate } = this.#parts;
    this.#plain = await listen(this.#handlers, { host: this.#plainHost, port: settings.port });
    this.#listeners.push(this.#plain);
    if (settings.tls === undefined) return;
    this.#secure = await listen(this.#handlers, { host: settings.host, port: settings.tls.port }, certificate);
    this.#listeners.push(this.#secure);
  }

  async #startGateway(signal: AbortSignal | undefined): Promise<void> {
    const { settings, plugins, keys, logger } = this.#parts;
    const stateDir = join(settings.stateDir, "e2b");
    this.#lock = await lockDirectory(stateDir);
    const provider = plugins.provider(settings.provider);
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

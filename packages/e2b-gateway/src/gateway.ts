import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { absentRoutes } from "./control/absent-routes.ts";
import { ApiRouter } from "./control/api-router.ts";
import { ControlPlane } from "./control/control-plane.ts";
import { lifeRoutes } from "./control/life-routes.ts";
import { observeRoutes } from "./control/observe-routes.ts";
import { newSandboxRecord } from "./control/sandbox-record-of.ts";
import { newSandboxSchema } from "./control/sandbox-request.ts";
import { sandboxRoutes } from "./control/sandbox-routes.ts";
import { snapshotRoutes } from "./control/snapshot-routes.ts";
import { readEnvd } from "./envd-file.ts";
import { type E2bGatewayOptions, type GatewaySettings, parseGatewayOptions } from "./gateway-options.ts";
import { parsePrivateHosts } from "./network/private-hosts.ts";
import { toEgressPolicy } from "./network/to-egress-policy.ts";
import { ProxyError } from "./proxy/proxy-error.ts";
import { SandboxProxy } from "./proxy/sandbox-proxy.ts";
import { readTarget, type SandboxTarget } from "./proxy/sandbox-target.ts";
import { findSigner, isSignedFile } from "./proxy/signed-file-target.ts";
import type { GatewayContext } from "./sandboxes/gateway-context.ts";
import { GatewayKey } from "./sandboxes/gateway-key.ts";
import { SandboxMetrics } from "./sandboxes/sandbox-metrics.ts";
import { SandboxRegistry } from "./sandboxes/sandbox-registry.ts";
import { SnapshotStore } from "./sandboxes/snapshot-store.ts";
import { StateFolder } from "./sandboxes/state-folder.ts";
import { baseTemplate } from "./templates/built-in-template.ts";
import { TemplateBuilder } from "./templates/template-builder.ts";
import { templateRoutes } from "./templates/template-routes.ts";
import { TemplateStore } from "./templates/template-store.ts";

export interface CloseOptions {
  /** `leave`: they live on until their time-outs and are found again by a gateway with the same folder. `kill`: none is left. */
  readonly sandboxes: "leave" | "kill";
}

/** E2B's protocol for a server of node:http. Nothing of it listens by itself. */
export interface E2bGateway {
  /**
   * Takes up what an earlier gateway with the same folder has left. Called by the first request where it was not before; but
   * until then nobody ends a sandbox whose time is over.
   */
  start(): Promise<void>;
  /**
   * Resolves once the base template is made: the first time takes minutes, for which clients do not wait. Rejects with what
   * hinders it; whoever asks for a sandbox is told that too.
   */
  prepare(): Promise<void>;
  /** Whether a request is the gateway's: to a sandbox, or to a path of E2B's control plane. */
  owns(request: IncomingMessage): boolean;
  /** Answers a request. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers a request to change over to another protocol. Never rejects. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Ends every request in flight. Resolves once the sandboxes are as asked. Idempotent. */
  close(options: CloseOptions): Promise<void>;
}

const ownedPaths = /^\/(v[2-9]\/)?(sandboxes|templates|snapshots|volumes|secrets|teams|health)(\/|\?|$)/;

/** A gateway in front of a provider. Throws `invalid-options` for options that are wrong; does no I/O. */
export function createE2bGateway(options: E2bGatewayOptions): E2bGateway {
  return new Gateway(parseGatewayOptions(options));
}

interface OpenGateway {
  readonly registry: SandboxRegistry;
  readonly control: ControlPlane;
  readonly proxy: SandboxProxy;
  readonly metrics: SandboxMetrics;
  readonly builder: TemplateBuilder;
  readonly base: Promise<void>;
}

class Gateway implements E2bGateway {
  readonly #settings: GatewaySettings;
  #opened: Promise<OpenGateway> | undefined;
  #closed: Promise<void> | undefined;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    await this.#open();
  }

  async prepare(): Promise<void> {
    const { base } = await this.#open();
    await base;
  }

  owns(request: IncomingMessage): boolean {
    return isForSandbox(request) || isSignedFile(request) || ownedPaths.test(request.url ?? "");
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const opened = await this.#open();
      const target = this.#target(request, opened);
      if (target === undefined) await opened.control.handle(request, response);
      else await opened.proxy.handle(request, response, target);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const { status, headers, body } = this.#failure(error).answer(request);
      response.writeHead(status, headers).end(body);
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The server has let go of it: what its client breaks off is nobody else's to hear. Whoever broke it knows.
    socket.on("error", () => {});
    try {
      const opened = await this.#open();
      const target = this.#target(request, opened);
      if (target === undefined) throw new ProxyError(400, { message: "Only a sandbox's port can be upgraded" });
      await opened.proxy.upgrade(request, socket, head, target);
    } catch (error) {
      socket.end(this.#failure(error).rawAnswer(request));
    }
  }

  close(options: CloseOptions): Promise<void> {
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  async #close({ sandboxes }: CloseOptions): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    opened?.metrics.stop();
    opened?.builder.close();
    await opened?.registry.close(sandboxes);
  }

  /** One that failed is tried again by the next request: the provider may have been out of reach. */
  #open(): Promise<OpenGateway> {
    if (this.#closed !== undefined) throw new ProxyError(503, { message: "The gateway is closing" });
    if (this.#opened === undefined) {
      const opening = openGateway(this.#settings);
      this.#opened = opening;
      opening.catch(() => {
        this.#opened = undefined;
      });
    }
    return this.#opened;
  }

  #target(request: IncomingMessage, { registry }: OpenGateway): SandboxTarget | undefined {
    const target = readTarget(request);
    if (target !== undefined || !isSignedFile(request)) return target;
    const signer = findSigner(request, registry.all());
    if (signer === undefined) throw new ProxyError(401, { message: "invalid signature" });
    return signer;
  }

  #failure(error: unknown): ProxyError {
    if (error instanceof ProxyError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    this.#settings.logger.warn({ reason }, "The gateway cannot serve");
    return new ProxyError(503, { message: "The gateway cannot serve at the moment" });
  }
}

function isForSandbox(request: IncomingMessage): boolean {
  try {
    return readTarget(request) !== undefined;
  } catch {
    // It names a port half, which is for the gateway to say.
    return true;
  }
}

async function openGateway(settings: GatewaySettings): Promise<OpenGateway> {
  const state = new StateFolder(settings.stateDir);
  const [key, envd] = await Promise.all([state.open(), readEnvd()]);
  const privateHosts = parsePrivateHosts(settings.privateHosts);
  const context: GatewayContext = {
    settings,
    provider: settings.provider,
    state,
    key: new GatewayKey(key),
    envd,
    toEgressPolicy: (allowInternetAccess, network) =>
      toEgressPolicy({ allowInternetAccess, ...network }, { privateHosts }),
  };
  const registry = new SandboxRegistry(context);
  const snapshots = new SnapshotStore(context);
  const builtIns = settings.templates;
  const templates = new TemplateStore({ ...context, uploadDir: join(settings.stateDir, "uploads"), builtIns });
  await Promise.all([snapshots.restore(), templates.restore(), registry.restore()]);
  const metrics = new SandboxMetrics();
  metrics.start(() => registry.all());
  const base = prepareBase(settings, templates, registry);
  // Why it cannot be made is told to whoever asks for it.
  base.catch(() => {});
  const builder = new TemplateBuilder(templates);
  const control = { settings, registry, snapshots, templates };
  const router = new ApiRouter(
    sandboxRoutes(control),
    lifeRoutes(control),
    snapshotRoutes(control, async (reference) => templates.remove(templates.get(reference))),
    observeRoutes(control, metrics),
    templateRoutes(templates, builder),
    absentRoutes,
  );
  return {
    registry,
    metrics,
    builder,
    base,
    control: new ControlPlane(settings, router, templates.uploads),
    proxy: new SandboxProxy(registry, settings.logger),
  };
}

/** Makes the image of the template that most clients ask for, and what spare sandboxes of it are wanted. */
async function prepareBase(
  settings: GatewaySettings,
  templates: TemplateStore,
  registry: SandboxRegistry,
): Promise<void> {
  const base = await templates.resolve(baseTemplate);
  if (base === undefined) return;
  const record = newSandboxRecord(newSandboxSchema.parse({ templateID: baseTemplate }), base, {
    settings,
    alwaysSecure: true,
    timeoutMs: 0,
  });
  registry.keepSpares(record, base.template);
}

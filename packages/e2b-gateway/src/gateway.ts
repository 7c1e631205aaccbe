import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { ApiRouter } from "./control/api-router.ts";
import { ControlPlane } from "./control/control-plane.ts";
import { lifecycleRoutes } from "./control/lifecycle-routes.ts";
import { metricsRoutes } from "./control/metrics-routes.ts";
import { notImplementedRoutes } from "./control/not-implemented-routes.ts";
import { newSandboxRecord } from "./control/sandbox-record-of.ts";
import { newSandboxSchema } from "./control/sandbox-request.ts";
import { sandboxRoutes } from "./control/sandbox-routes.ts";
import { snapshotRoutes } from "./control/snapshot-routes.ts";
import { readEnvd } from "./envd-file.ts";
import { FailedKeys } from "./failed-keys.ts";
import { type E2bGatewayOptions, type GatewaySettings, parseGatewayOptions } from "./gateway-options.ts";
import { parsePrivateHosts } from "./network/private-hosts.ts";
import { toEgressPolicy } from "./network/to-egress-policy.ts";
import { ProxyError } from "./proxy/proxy-error.ts";
import { SandboxProxy } from "./proxy/sandbox-proxy.ts";
import { readTarget, type SandboxTarget } from "./proxy/sandbox-target.ts";
import { findSigner, isSignedFile } from "./proxy/signed-file-target.ts";
import { SandboxMetrics } from "./sandboxes/envd/sandbox-metrics.ts";
import type { GatewayContext } from "./sandboxes/gateway-context.ts";
import { PendingWork } from "./sandboxes/pending-work.ts";
import { SandboxRegistry } from "./sandboxes/sandbox-registry.ts";
import { GatewayKey } from "./sandboxes/state/gateway-key.ts";
import { SnapshotStore } from "./sandboxes/state/snapshot-store.ts";
import { StateDirectory } from "./sandboxes/state/state-directory.ts";
import { baseTemplate } from "./templates/built-in-template.ts";
import { TemplateBuilder } from "./templates/template-builder.ts";
import { templateRoutes } from "./templates/template-routes.ts";
import { TemplateStore } from "./templates/template-store.ts";

/** How a gateway is closed. */
export interface CloseOptions {
  /** `leave`: they live on until their time-outs and are found again by a gateway with the same directory. `kill`: none is left. */
  readonly sandboxes: "leave" | "kill";
}

/** E2B's protocol for a server of node:http. Nothing of it listens by itself. */
export interface E2bGateway {
  /**
   * Restores what an earlier gateway with the same directory has left. The first request calls it where nothing did before;
   * until then sandboxes outlive their time-outs.
   */
  start(): Promise<void>;
  /**
   * Resolves once the base template is built: the first time takes minutes, for which clients do not wait. Rejects with the
   * error that prevents it; requests for a sandbox fail with the same error.
   */
  prepare(): Promise<void>;
  /** Whether a request is the gateway's: to a sandbox, or to a path of E2B's control plane. */
  owns(request: IncomingMessage): boolean;
  /** Answers a request. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers a request to change over to another protocol. Never rejects. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /**
   * Ends every request in flight, every build and all other work. Resolves once the sandboxes are as asked and nothing of the
   * gateway runs any more: nothing is written to its directory after that. Idempotent.
   */
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
  readonly failedKeys: FailedKeys;
  readonly proxy: SandboxProxy;
  readonly metrics: SandboxMetrics;
  readonly work: PendingWork;
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
    // The server does not own the socket anymore: without a listener, a client that disconnects would end the process.
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
    opened?.failedKeys.close();
    await opened?.work.close();
    await opened?.registry.close(sandboxes);
  }

  /** A failed start is retried by the next request: the provider may have been unreachable. */
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

  #target(request: IncomingMessage, { registry, failedKeys }: OpenGateway): SandboxTarget | undefined {
    const target = readTarget(request);
    if (target !== undefined || !isSignedFile(request)) return target;
    const signer = findSigner(request, registry.all());
    if (signer === undefined) {
      failedKeys.add("wrong", request);
      throw new ProxyError(401, { message: "invalid signature" });
    }
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
    // It names a port incompletely, which the gateway reports.
    return true;
  }
}

async function openGateway(settings: GatewaySettings): Promise<OpenGateway> {
  const envd = await readEnvd();
  const state = new StateDirectory(settings.stateDir);
  const key = await state.open();
  const privateHosts = parsePrivateHosts(settings.privateHosts);
  const work = new PendingWork();
  const context: GatewayContext = {
    settings,
    work,
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
  await snapshots.restore();
  await templates.restore();
  try {
    await registry.restore();
  } catch (error) {
    await work.close();
    await registry.close("leave");
    throw error;
  }
  const metrics = new SandboxMetrics(work);
  metrics.start(() => registry.all());
  const base = work.run(() => prepareBase(settings, templates, registry));
  // Requests for the base template report why it cannot be made.
  base.catch(() => {});
  const builder = new TemplateBuilder(templates, work);
  const control = { settings, registry, snapshots, templates };
  const router = new ApiRouter(
    sandboxRoutes(control),
    lifecycleRoutes(control),
    snapshotRoutes(control, async (reference) => templates.remove(templates.get(reference))),
    metricsRoutes(control, metrics),
    templateRoutes(templates, builder),
    notImplementedRoutes,
  );
  const failedKeys = new FailedKeys(settings.logger);
  return {
    registry,
    metrics,
    work,
    base,
    control: new ControlPlane(settings, router, templates.uploads, work, failedKeys),
    proxy: new SandboxProxy(registry, settings.logger, failedKeys),
    failedKeys,
  };
}

/** Builds the template that most clients use, and fills the warm pool with it. */
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
  registry.keepWarm(record, base.template);
}

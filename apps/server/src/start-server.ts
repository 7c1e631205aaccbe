import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProvider } from "@glovebox/core";
import { InvalidOptionsError, type SandboxProvider } from "@glovebox/core/provider";
import { createE2bGateway, type E2bGateway } from "@glovebox/e2b-gateway";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { aborted } from "./aborted.ts";
import { createApp } from "./app.ts";
import { type HeldFolder, holdFolder } from "./hold-folder.ts";
import { type Handlers, type Listener, listen } from "./listener.ts";
import { RunService } from "./runs/run-service.ts";
import { type ApiKeys, keysVariable, readApiKeys } from "./security/api-keys.ts";
import { isLoopback, type ServerSettings } from "./server-settings.ts";
import { type ServerCertificate, serverCertificate } from "./tls/server-certificate.ts";

export interface StartServerOptions {
  readonly settings: ServerSettings;
  /** Where the keys, and the model's credential for runs, are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** Aborting it ends the wait for the base template, and nothing else. */
  readonly signal?: AbortSignal;
}

export interface RunningServer {
  /** `http://127.0.0.1:3210`. */
  readonly url: string;
  /** Of E2B's protocol over TLS, with its port: what `E2B_DOMAIN` takes. */
  readonly domain?: string;
  /** The authority to trust, in PEM: what `NODE_EXTRA_CA_CERTS` takes. */
  readonly authorityFile?: string;
  readonly keys: ApiKeys;
  /** Takes nothing new, cancels the runs and brings their files back. Aborting the signal drops everything at once. */
  close(signal: AbortSignal): Promise<void>;
}

/** Starts the server and resolves once it answers, with the base template made where E2B's protocol is served. Rejects with a `SandboxError`, and then nothing is left. */
export async function startServer({ settings, env, logger, signal }: StartServerOptions): Promise<RunningServer> {
  const { home, stateDir, tls } = settings;
  const keys = await readApiKeys(env, stateDir);
  if (!isLoopback(settings.host) && keys.file !== undefined) {
    throw new InvalidOptionsError(`On ${settings.host} others can connect, and no key was set`, {
      hint: `Set ${keysVariable}, with 16 characters or more: \`openssl rand -hex 20\`.`,
    });
  }
  const provider = await loadProvider(settings.provider, {
    settings: settings.providerSettings,
    resolveFrom: [dirname(fileURLToPath(import.meta.url)), join(home, "packages")],
  });
  const harness = createClaudeCode();
  const outputDir = join(stateDir, "runs");
  const service = new RunService({ provider, harness, home, outputDir, maxRuns: settings.maxRuns, env, logger });
  let isReady = false;
  const parts = { provider, service, keys: keys.secrets, home, isReady: () => isReady, logger };
  const app = getRequestListener(createApp(parts).fetch);
  const certificate = tls && (await serverCertificate(tls, settings.e2bDomain, stateDir));
  let gateway: E2bGateway | undefined;
  let held: HeldFolder | undefined;
  const listeners: Listener[] = [];
  const handlers: Handlers = {
    handle: (request, response) => {
      if (gateway?.owns(request)) void gateway.handle(request, response);
      else void app(request, response);
    },
    upgrade: (request, socket, head) => {
      if (gateway?.owns(request)) void gateway.upgrade(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    },
  };
  try {
    const plain = await listen(handlers, settings);
    listeners.push(plain);
    const secure = tls && (await listen(handlers, { host: settings.host, port: tls.port }, certificate));
    if (secure !== undefined) listeners.push(secure);
    const domain = secure && withPort(settings.e2bDomain, secure.port);
    if (settings.e2b) {
      held = await holdFolder(gatewayDir(settings));
      gateway = e2bGateway({ settings, provider, keys, domain, logger });
      await gateway.start();
      await prepareBase(gateway, logger, signal);
    }
    isReady = true;
    return {
      url: `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${plain.port}`,
      keys,
      ...(domain !== undefined && { domain }),
      ...authorityOf(certificate),
      close: async (signal) => {
        await close({ listeners, service, gateway, settings, signal });
        held?.close();
      },
    };
  } catch (error) {
    await gateway?.close({ sandboxes: "leave" });
    held?.close();
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
}

/** The first time takes minutes, for which clients of E2B do not wait. */
async function prepareBase(gateway: E2bGateway, logger: Logger, signal: AbortSignal | undefined): Promise<void> {
  const late = setTimeout(() => logger.info("The base template is made, which takes a while the first time"), 1_000);
  try {
    await Promise.race([gateway.prepare(), ...(signal === undefined ? [] : [aborted(signal)])]);
  } catch (error) {
    logger.warn({ reason: (error as Error).message }, "The base template cannot be made");
  } finally {
    clearTimeout(late);
  }
}

function e2bGateway(parts: {
  readonly settings: ServerSettings;
  readonly provider: SandboxProvider;
  readonly keys: ApiKeys;
  readonly domain: string | undefined;
  readonly logger: Logger;
}): E2bGateway {
  const { settings, provider, keys, domain, logger } = parts;
  if (!provider.capabilities.rootInside || !provider.capabilities.endpoint) {
    throw new InvalidOptionsError(`The provider ${provider.id} cannot carry E2B's sandboxes`, {
      providerId: provider.id,
      hint: "--no-e2b serves the API for runs alone.",
    });
  }
  return createE2bGateway({
    provider,
    apiKeys: keys.secrets,
    stateDir: gatewayDir(settings),
    privateHosts: settings.privateHosts,
    spareSandboxes: settings.spareSandboxes,
    // As E2B has it: its base with Claude Code.
    templates: { claude: { layers: [createClaudeCode().template()], memoryMB: 2048 } },
    logger,
    ...(domain !== undefined && { domain }),
  });
}

function gatewayDir({ stateDir }: ServerSettings): string {
  return join(stateDir, "e2b");
}

async function close(parts: {
  readonly listeners: readonly Listener[];
  readonly service: RunService;
  readonly gateway: E2bGateway | undefined;
  readonly settings: ServerSettings;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { listeners, service, gateway, settings, signal } = parts;
  for (const listener of listeners) listener.stop();
  const sandboxes = settings.endSandboxes ? "kill" : "leave";
  await Promise.all([service.close(signal), gateway?.close({ sandboxes })]);
  await Promise.all(listeners.map((listener) => listener.close(signal)));
}

function withPort(domain: string, port: number): string {
  return port === 443 ? domain : `${domain}:${port}`;
}

function authorityOf(certificate: ServerCertificate | undefined): { readonly authorityFile?: string } {
  const { authorityFile } = certificate ?? {};
  return authorityFile === undefined ? {} : { authorityFile };
}

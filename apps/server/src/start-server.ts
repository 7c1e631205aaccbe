import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProvider } from "@glovebox/core";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import type { Logger } from "pino";
import { isLoopback } from "./access/network/is-loopback.ts";
import { RunService } from "./runs/run-service.ts";
import { type ApiKeys, keysVariable, readApiKeys } from "./security/api-keys.ts";
import { Server } from "./server.ts";
import type { ServerSettings } from "./server-settings.ts";
import { serverCertificate } from "./tls/server-certificate.ts";

/** How `startServer` starts a server. */
export interface StartServerOptions {
  readonly settings: ServerSettings;
  /** Where the keys, and the model's credential for runs, are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** Aborting it ends the wait for the base template, and nothing else. */
  readonly signal?: AbortSignal;
}

/** A server that listens, with what its clients need. */
export interface RunningServer {
  /** `http://127.0.0.1:3210`. */
  readonly url: string;
  /** Of E2B's protocol over TLS, with its port: the value of `E2B_DOMAIN`. Undefined without TLS. */
  readonly domain: string | undefined;
  /** The authority to trust, in PEM: the value of `NODE_EXTRA_CA_CERTS`. Undefined where clients need none. */
  readonly authorityFile: string | undefined;
  readonly keys: ApiKeys;
  /** Accepts nothing new, cancels the runs and collects their files. Aborting the signal stops everything at once. */
  close(signal: AbortSignal): Promise<void>;
}

/**
 * Starts the server and resolves once it serves requests, with the base template built where E2B's protocol is served. Rejects
 * with a `SandboxError`, and then nothing is left.
 */
export async function startServer({ settings, env, logger, signal }: StartServerOptions): Promise<RunningServer> {
  const { home, stateDir, tls } = settings;
  const keys = await readApiKeys(env, stateDir);
  checkKeys(settings, keys);
  const provider = await loadProvider(settings.provider, {
    settings: settings.providerSettings,
    resolveFrom: [dirname(fileURLToPath(import.meta.url)), join(home, "packages")],
  });
  const harness = createClaudeCode();
  await makeHostDirectory(stateDir, 0o700);
  // The canonical path: the server owns the directory by whatever path it was configured.
  const outputDirectory = join(realpathSync(stateDir), "runs");
  const service = new RunService({ provider, harness, home, outputDirectory, maxRuns: settings.maxRuns, env, logger });
  const certificate = tls && (await serverCertificate(tls, settings.e2bDomain, stateDir));
  const server = new Server({ settings, keys, provider, service, certificate, logger });
  await server.start(signal);
  return server;
}

function checkKeys(settings: ServerSettings, keys: ApiKeys): void {
  if (isLoopback(settings.host) || keys.file === undefined) return;
  throw new InvalidOptionsError(`On ${settings.host} others can connect, and no key was set`, {
    hint: `Set ${keysVariable}, with 16 characters or more: \`openssl rand -hex 20\`.`,
  });
}

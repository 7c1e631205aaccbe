import { realpathSync } from "node:fs";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Run, Store } from "@glovebox/store";
import type { Logger } from "pino";
import { Access } from "./access/access.ts";
import { isLoopback } from "./access/network/is-loopback.ts";
import { Observer } from "./observe/observer.ts";
import { Plugins } from "./plugins.ts";
import { type ApiKeys, keysVariable, readApiKeys } from "./security/api-keys.ts";
import { Server } from "./server.ts";
import type { ServerSettings } from "./server-settings.ts";
import { AcmeCertificate } from "./tls/acme/acme-certificate.ts";
import { type ServerCertificate, serverCertificate } from "./tls/server-certificate.ts";
import { startWorker } from "./worker/start-worker.ts";
import { openServerStore } from "./worker/store-settings.ts";

/** How `startServer` starts a server. */
export interface StartServerOptions {
  readonly settings: ServerSettings;
  /** Where the keys, the database's address (`DATABASE_URL`) and the model's credential for runs are read. */
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
  /** The text of the one-time link for the first login. Undefined where there was a first login already. */
  readonly firstLogin: string | undefined;
  /** Accepts nothing new, cancels the runs and collects their files. Aborting the signal stops everything at once. */
  close(signal: AbortSignal): Promise<void>;
}

/**
 * Starts the server and resolves once it serves requests, with the base template built where E2B's protocol is served. Rejects
 * with a `SandboxError`, and then nothing is left.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { settings, env } = options;
  const keys = await readApiKeys(env, settings.stateDir);
  checkKeys(settings, keys);
  const plugins = await Plugins.load(settings);
  await makeHostDirectory(settings.stateDir, 0o700);
  // The canonical path: the server owns the directory by whatever path it was configured.
  const directory = realpathSync(settings.stateDir);
  const store = await openServerStore(directory, settings.store, env);
  try {
    return await startOn(store, { ...options, keys, plugins, directory });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Started extends StartServerOptions {
  readonly keys: ApiKeys;
  readonly plugins: Plugins;
  readonly directory: string;
}

async function startOn(store: Store, started: Started): Promise<RunningServer> {
  const { settings, logger } = started;
  const { stateDir, tls, host } = settings;
  if (tls?.acme === undefined) {
    return await startListening(store, started, tls && (await serverCertificate(tls, settings.e2bDomain, stateDir)));
  }
  const acme = await AcmeCertificate.open({ settings: tls.acme, stateDir, host, tlsPort: tls.port, logger });
  try {
    const server = await startListening(store, started, acme.current);
    acme.renew(server.useCertificate);
    const close = async (atOnce: AbortSignal): Promise<void> => {
      await acme[Symbol.asyncDispose]();
      await server.close(atOnce);
    };
    return { ...server, close };
  } catch (error) {
    await acme[Symbol.asyncDispose]();
    throw error;
  }
}

async function startListening(store: Store, started: Started, certificate: ServerCertificate | undefined) {
  const { settings, env, logger, signal, keys, plugins, directory } = started;
  const { host } = settings;
  const access = await Access.open({ store, settings: settings.access, host, keys: keys.secrets, env, logger });
  const observer = new Observer({ settings: settings.observe, store, providers: plugins.providers, logger });
  const server = new Server({ settings, store, access, plugins, env, logger, keys, observer, certificate });
  await server.start(signal);
  const onEnded = (run: Run) => observer.runEnded(run);
  // Without room for a run it has no worker of its own.
  const worker =
    settings.maxRuns === 0
      ? undefined
      : await startWorker({ store, settings, env, logger, plugins, directory, onEnded }).catch(async (error) => {
          await server.close(AbortSignal.abort());
          throw error;
        });
  const { url, domain, authorityFile } = server;
  const close = async (atOnce: AbortSignal): Promise<void> => {
    observer.health.drain();
    server.stop();
    await worker?.drain(atOnce);
    await server.close(atOnce);
    await observer.close();
    await store.close();
  };
  const useCertificate = (next: ServerCertificate): void => server.useCertificate(next);
  return { url, domain, authorityFile, keys, firstLogin: access.firstLogin, useCertificate, close };
}

function checkKeys(settings: ServerSettings, keys: ApiKeys): void {
  if (isLoopback(settings.host) || keys.file === undefined) return;
  throw new InvalidOptionsError(`On ${settings.host} others can connect, and no key was set`, {
    hint: `Set ${keysVariable}, with 16 characters or more: \`openssl rand -hex 20\`.`,
  });
}

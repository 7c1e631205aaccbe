import { join, resolve } from "node:path";
import { readHostTextSync } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { z } from "zod";
import { type AccessSettings, accessFileShape, resolveAccess } from "./access/access-settings.ts";
import { type ObserveSettings, observeFileShape, resolveObserve } from "./observe/observe-settings.ts";
import { type AcmeSettings, acmeFileShape, resolveAcme } from "./tls/acme/acme-settings.ts";
import { resolveStore, type StoreSettings, storeFileShape } from "./worker/store-settings.ts";

const port = z.number().int().min(0).max(65_535);

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  host: z.string().min(1).optional(),
  port: port.optional(),
  provider: z.string().min(1).optional(),
  /** Settings of the provider, as its README has them. */
  providerSettings: z.record(z.string(), z.unknown()).optional(),
  /** Further providers, by name, with their settings. */
  providers: z.record(z.string().min(1), z.record(z.string(), z.unknown())).optional(),
  harness: z.string().min(1).optional(),
  /** Further harnesses, by name. */
  harnesses: z.array(z.string().min(1)).optional(),
  rootInside: z.boolean().optional(),
  corsOrigins: z.array(z.url({ protocol: /^https?$/ })).optional(),
  maxUploadMiB: z.number().int().min(1).max(100_000).optional(),
  e2b: z.boolean().optional(),
  e2bDomain: z.string().min(1).optional(),
  privateHosts: z.array(z.string().min(1)).optional(),
  tlsSelfSigned: z.boolean().optional(),
  tlsCert: z.string().min(1).optional(),
  tlsKey: z.string().min(1).optional(),
  tlsPort: port.optional(),
  stateDir: z.string().min(1).optional(),
  maxRuns: z.number().int().min(0).max(1000).optional(),
  endSandboxes: z.boolean().optional(),
  warmPoolSize: z.number().int().min(0).max(100).optional(),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).optional(),
  demo: z.boolean().optional(),
  ...acmeFileShape,
  ...accessFileShape,
  ...observeFileShape,
  ...storeFileShape,
  /** A worker that was not heard of for so long loses its runs to others. */
  leaseSeconds: z.number().int().min(3).max(3600).optional(),
  /** Hosts from which repositories are cloned over SSH. */
  sshHosts: z.array(z.string().min(1)).optional(),
});

type FileSettings = z.infer<typeof fileSchema>;

/** What a user can set. A flag wins over an environment variable, which wins over the file. */
export type ServerOptions = { readonly [K in keyof FileSettings]: FileSettings[K] } & { readonly config?: string };

/** Everything that a server needs to know, as its options and its environment give it. */
export interface ServerSettings {
  readonly host: string;
  /** 0 selects a free one. */
  readonly port: number;
  /** The name of the provider of runs that name none, and of E2B's sandboxes. */
  readonly provider: string;
  /** The settings of every provider, by its name. */
  readonly providers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The name of the harness of runs that name none. */
  readonly harness: string;
  /** The names of all harnesses. */
  readonly harnesses: readonly string[];
  /** Whether runs may have a root user inside. */
  readonly rootInside: boolean;
  /** The origins of other sites whose pages may use the API, with a token. */
  readonly corsOrigins: readonly string[];
  /** How large an uploaded project may be. */
  readonly maxUploadBytes: number;
  /** Where the server was started: relative paths start there. */
  readonly cwd: string;
  /** Whether E2B's protocol is served. */
  readonly e2b: boolean;
  /** Its subdomains are the sandboxes' ports. The TLS port is added to it where that is not 443. */
  readonly e2bDomain: string;
  /** Hosts in private networks that sandboxes may reach. */
  readonly privateHosts: readonly string[];
  /** Absent: no TLS. */
  readonly tls?: TlsSettings;
  /** The state directory of Glovebox: `glovebox ps` lists the runs too. */
  readonly home: string;
  readonly stateDir: string;
  /** The maximum number of concurrent runs of this server's own worker; 0: it has none. */
  readonly maxRuns: number;
  /** Whether E2B sandboxes are removed when the server ends, rather than left until their timeouts. */
  readonly endSandboxes: boolean;
  /** The number of E2B sandboxes started ahead. */
  readonly warmPoolSize: number;
  readonly logLevel: NonNullable<FileSettings["logLevel"]>;
  /** Whether a scripted model answers, and one run with it is started. */
  readonly demo: boolean;
  readonly access: AccessSettings;
  readonly observe: ObserveSettings;
  readonly store: StoreSettings;
  /** A worker that was not heard of for so long loses its runs to others. */
  readonly leaseMs: number;
  /** Hosts from which repositories are cloned over SSH, by the keys of the worker's user. */
  readonly sshHosts: readonly string[];
}

export interface TlsSettings {
  readonly port: number;
  /** PEM files. Default: a certificate that is created for the domain. */
  readonly files?: { readonly cert: string; readonly key: string };
  /** The authority that issues the certificate, which takes the place of files. */
  readonly acme?: AcmeSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultPort = 3210;
const defaultTlsPort = 3211;
const defaultLeaseSeconds = 60;
const defaultUploadMiB = 512;

/** Merges flags, environment and file. Throws an `invalid-options` error that names the wrong option. */
export function resolveSettings(options: ServerOptions, env: Environment, cwd: string): ServerSettings {
  const file = options.config === undefined ? {} : readSettingsFile(resolve(cwd, options.config));
  const { config: _, ...flags } = options;
  const set = { ...file, ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) };
  const settings = check(set, "options");
  const home = stateDirectory(env);
  const tls = tlsOf(settings, cwd);
  const host = settings.host ?? "127.0.0.1";
  const { demo = false } = settings;
  return {
    host,
    port: settings.port ?? defaultPort,
    ...pluginsOf(settings),
    cwd,
    rootInside: settings.rootInside ?? false,
    corsOrigins: (settings.corsOrigins ?? []).map((origin) => new URL(origin).origin),
    maxUploadBytes: (settings.maxUploadMiB ?? defaultUploadMiB) * 1024 * 1024,
    // Its base template takes minutes to build.
    e2b: settings.e2b ?? !demo,
    e2bDomain: settings.e2bDomain ?? "e2b.localhost",
    privateHosts: settings.privateHosts ?? [],
    ...(tls !== undefined && { tls }),
    home,
    stateDir:
      settings.stateDir === undefined ? join(home, demo ? "server-demo" : "server") : resolve(cwd, settings.stateDir),
    maxRuns: settings.maxRuns ?? 4,
    endSandboxes: settings.endSandboxes ?? false,
    warmPoolSize: settings.warmPoolSize ?? 1,
    logLevel: settings.logLevel ?? (demo ? "warn" : "info"),
    demo,
    access: resolveAccess(withAcmeNames(settings, tls?.acme), { host, hasTls: tls !== undefined }),
    observe: resolveObserve(settings, env),
    store: resolveStore(settings, cwd),
    leaseMs: (settings.leaseSeconds ?? defaultLeaseSeconds) * 1000,
    sshHosts: settings.sshHosts ?? [],
  };
}

function pluginsOf(file: FileSettings): Pick<ServerSettings, "provider" | "providers" | "harness" | "harnesses"> {
  const { provider = "docker", providerSettings = {}, providers = {}, harness = "claude-code", harnesses = [] } = file;
  return {
    ...{ provider, providers: { [provider]: providerSettings, ...providers } },
    ...{ harness, harnesses: [...new Set([harness, ...harnesses])] },
  };
}

function tlsOf(settings: FileSettings, cwd: string): TlsSettings | undefined {
  const { tlsSelfSigned, tlsCert, tlsKey, tlsPort } = settings;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new InvalidOptionsError("--tls-cert and --tls-key must be used together", {
      hint: "Pass both, or neither.",
    });
  }
  const files =
    tlsCert === undefined || tlsKey === undefined
      ? undefined
      : { cert: resolve(cwd, tlsCert), key: resolve(cwd, tlsKey) };
  if (files !== undefined && tlsSelfSigned === true) {
    throw new InvalidOptionsError("--tls-self-signed and --tls-cert cannot be used together");
  }
  const acme = resolveAcme(settings);
  if (acme !== undefined && (files !== undefined || tlsSelfSigned === true)) {
    throw new InvalidOptionsError(
      `--acme-domain and ${files ? "--tls-cert" : "--tls-self-signed"} cannot be used together`,
    );
  }
  if (files === undefined && acme === undefined && tlsSelfSigned !== true) return undefined;
  return {
    port: tlsPort ?? defaultTlsPort,
    ...(files !== undefined && { files }),
    ...(acme !== undefined && { acme }),
  };
}

/** The names of the certificate are names by which users reach the server. */
function withAcmeNames(settings: FileSettings, acme: AcmeSettings | undefined): FileSettings {
  if (acme === undefined) return settings;
  return { ...settings, allowedHosts: [...(settings.allowedHosts ?? []), ...acme.domains] };
}

function readSettingsFile(path: string): FileSettings {
  const text = readHostTextSync(path);
  if (text === undefined) throw new InvalidOptionsError(`The configuration ${path} does not exist`);
  try {
    return check(JSON.parse(text), `configuration ${path}`);
  } catch (cause) {
    if (cause instanceof InvalidOptionsError) throw cause;
    throw new InvalidOptionsError(`The configuration ${path} is not JSON`, { cause });
  }
}

function check(value: unknown, what: string): FileSettings {
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`Invalid ${what}: ${z.prettifyError(parsed.error)}`, {
    hint: "See `glovebox-server --help`.",
    cause: parsed.error,
  });
}

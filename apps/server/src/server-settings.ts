import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";

const port = z.number().int().min(0).max(65_535);

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  host: z.string().min(1).optional(),
  port: port.optional(),
  provider: z.string().min(1).optional(),
  /** Settings of the provider, as its README has them. */
  providerSettings: z.record(z.string(), z.unknown()).optional(),
  e2b: z.boolean().optional(),
  e2bDomain: z.string().min(1).optional(),
  privateHosts: z.array(z.string().min(1)).optional(),
  tlsSelfSigned: z.boolean().optional(),
  tlsCert: z.string().min(1).optional(),
  tlsKey: z.string().min(1).optional(),
  tlsPort: port.optional(),
  stateDir: z.string().min(1).optional(),
  maxRuns: z.number().int().min(1).max(1000).optional(),
  endSandboxes: z.boolean().optional(),
  spareSandboxes: z.number().int().min(0).max(100).optional(),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).optional(),
});

type FileSettings = z.infer<typeof fileSchema>;

/** What a person can set: by flag, by environment variable, in a file. The first of them that says something holds. */
export type GivenSettings = { readonly [K in keyof FileSettings]: FileSettings[K] } & { readonly config?: string };

export interface ServerSettings {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly provider: string;
  readonly providerSettings: Readonly<Record<string, unknown>>;
  /** Whether E2B's protocol is served. */
  readonly e2b: boolean;
  /** Names below it are sandboxes' ports. The TLS port is added to it where that is not 443. */
  readonly e2bDomain: string;
  /** What sandboxes may reach of private networks. */
  readonly privateHosts: readonly string[];
  /** Absent: no TLS. */
  readonly tls?: TlsSettings;
  /** The state folder of Glovebox: runs are seen by `glovebox ps` too. */
  readonly home: string;
  readonly stateDir: string;
  /** Runs at the same time. */
  readonly maxRuns: number;
  /** What becomes of E2B's sandboxes when the server ends: killed, or left until their time-outs. */
  readonly endSandboxes: boolean;
  /** E2B's sandboxes that run before a client asks for them. */
  readonly spareSandboxes: number;
  readonly logLevel: NonNullable<FileSettings["logLevel"]>;
}

export interface TlsSettings {
  readonly port: number;
  /** Files in PEM; a certificate is made for the domain unless given. */
  readonly files?: { readonly cert: string; readonly key: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultPort = 3210;
const defaultTlsPort = 3211;

/** Puts flags, environment and file together. Throws `invalid-options` for what is wrong, by its name. */
export function resolveSettings(given: GivenSettings, env: Environment, cwd: string): ServerSettings {
  const file = given.config === undefined ? {} : readFile(resolve(cwd, given.config));
  const { config: _, ...flags } = given;
  const set = { ...file, ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) };
  const settings = check(set, "The options");
  const home = env.GLOVEBOX_HOME ? resolve(env.GLOVEBOX_HOME) : join(env.HOME || homedir(), ".glovebox");
  const tls = tlsOf(settings, cwd);
  return {
    host: settings.host ?? "127.0.0.1",
    port: settings.port ?? defaultPort,
    provider: settings.provider ?? "docker",
    providerSettings: settings.providerSettings ?? {},
    e2b: settings.e2b ?? true,
    e2bDomain: settings.e2bDomain ?? "e2b.localhost",
    privateHosts: settings.privateHosts ?? [],
    ...(tls !== undefined && { tls }),
    home,
    stateDir: settings.stateDir === undefined ? join(home, "server") : resolve(cwd, settings.stateDir),
    maxRuns: settings.maxRuns ?? 4,
    endSandboxes: settings.endSandboxes ?? false,
    spareSandboxes: settings.spareSandboxes ?? 1,
    logLevel: settings.logLevel ?? "info",
  };
}

/** Whether only programs of this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function tlsOf({ tlsSelfSigned, tlsCert, tlsKey, tlsPort }: FileSettings, cwd: string): TlsSettings | undefined {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new InvalidOptionsError("A certificate and its key are given together", {
      hint: "--tls-cert and --tls-key.",
    });
  }
  const files =
    tlsCert === undefined || tlsKey === undefined
      ? undefined
      : { cert: resolve(cwd, tlsCert), key: resolve(cwd, tlsKey) };
  if (files !== undefined && tlsSelfSigned === true) {
    throw new InvalidOptionsError("--tls-self-signed and --tls-cert exclude each other");
  }
  if (files === undefined && tlsSelfSigned !== true) return undefined;
  return { port: tlsPort ?? defaultTlsPort, ...(files !== undefined && { files }) };
}

function readFile(path: string): FileSettings {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InvalidOptionsError(`The configuration ${path} cannot be read`, { cause });
  }
  try {
    return check(JSON.parse(text), `The configuration ${path}`);
  } catch (cause) {
    if (cause instanceof InvalidOptionsError) throw cause;
    throw new InvalidOptionsError(`The configuration ${path} is not JSON`, { cause });
  }
}

function check(value: unknown, what: string): FileSettings {
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`${what} cannot be used: ${z.prettifyError(parsed.error)}`, {
    hint: "See `glovebox-server --help`.",
    cause: parsed.error,
  });
}

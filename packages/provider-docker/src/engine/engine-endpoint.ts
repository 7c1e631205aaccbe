import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { homedir, platform } from "node:os";
import { join } from "node:path";
import { readHostFile } from "@glovebox/core/host-files";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import Docker from "dockerode";
import { SshAgent } from "./ssh-agent.ts";
import { watchAnswers } from "./watch-answers.ts";

/** Where a Docker engine is, and how that was decided. */
export interface EngineEndpoint {
  /** The address as the docker CLI writes it: `unix:///var/run/docker.sock`. */
  readonly description: string;
  /** What named it: `settings`, `DOCKER_HOST`, `context NAME` or `default`. */
  readonly source: string;
  /** What dockerode is made with. `agent` carries connections that are not a plain socket (ssh, unverified TLS). */
  readonly dockerOptions: Docker.DockerOptions & { readonly agent?: SshAgent | HttpsAgent };
}

/** Where the address of a Docker engine is looked for. */
export interface ResolveEngineEndpointOptions {
  /** An address that wins over everything else: `unix://`, `tcp://`, `npipe://` or `ssh://`. */
  readonly host?: string;
  /** The environment that is read; the process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
}

interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly verify: boolean;
}

const defaultSocket = "/var/run/docker.sock";
const defaultPipe = "//./pipe/docker_engine";

/**
 * Finds the engine as the docker CLI does: the given host, `DOCKER_HOST` (with `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and
 * `DOCKER_CERT_PATH`), the context that `DOCKER_CONTEXT` or the CLI's configuration names, then the default socket or,
 * where that is missing, a rootless engine's. Nothing is contacted.
 *
 * Rejects with `invalid-options` on a malformed address, context or certificate directory.
 */
export async function resolveEngineEndpoint(options: ResolveEngineEndpointOptions = {}): Promise<EngineEndpoint> {
  const env = options.env ?? process.env;
  const configDir = env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker");
  if (options.host) return endpoint(options.host, "settings", await tlsFromEnvironment(env, configDir));
  if (env.DOCKER_HOST) return endpoint(env.DOCKER_HOST, "DOCKER_HOST", await tlsFromEnvironment(env, configDir));
  const context = env.DOCKER_CONTEXT || (await currentContext(configDir));
  if (context !== undefined && context !== "default") return contextEndpoint(context, configDir);
  return endpoint(defaultAddress(env), "default", undefined);
}

/** A dockerode client for an endpoint. Does no I/O. */
export function createEngine(endpoint: EngineEndpoint): Docker {
  try {
    // dockerode falls back to DOCKER_HOST for whatever is not named, so everything that it could take from there is.
    const unset = { host: undefined, port: undefined, socketPath: undefined, protocol: undefined, username: undefined };
    const noTls = { ca: undefined, cert: undefined, key: undefined, timeout: undefined };
    const engine = new Docker({ ...unset, ...noTls, ...endpoint.dockerOptions });
    watchAnswers(engine);
    return engine;
  } catch (cause) {
    throw invalid("DOCKER_HOST or DOCKER_CERT_PATH is malformed", "Correct or unset these variables.", cause);
  }
}

function defaultAddress(env: NodeJS.ProcessEnv): string {
  if (platform() === "win32") return `npipe://${defaultPipe}`;
  const rootless = env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, "docker.sock")] : [];
  const candidates = [defaultSocket, ...rootless, join(env.HOME || homedir(), ".docker/run/docker.sock")];
  return `unix://${candidates.find((path) => existsSync(path)) ?? defaultSocket}`;
}

async function endpoint(address: string, source: string, tls: TlsMaterial | undefined): Promise<EngineEndpoint> {
  const text = address.includes("://") ? address : `tcp://${address}`;
  const scheme = text.slice(0, text.indexOf("://"));
  const rest = text.slice(scheme.length + 3);
  switch (scheme) {
    case "unix": {
      const socketPath = rest || defaultSocket;
      if (!socketPath.startsWith("/")) break;
      return { description: `unix://${socketPath}`, source, dockerOptions: { socketPath } };
    }
    case "npipe":
      return {
        description: `npipe://${rest || defaultPipe}`,
        source,
        dockerOptions: { socketPath: (rest || defaultPipe).replaceAll("\\", "/") },
      };
    case "ssh": {
      const url = parseUrl(text);
      if (url === undefined || url.password !== "") break;
      const agent = new SshAgent(url);
      return { description: text, source, dockerOptions: { protocol: "http", host: "http://docker", port: 80, agent } };
    }
    case "tcp":
    case "http":
    case "https": {
      // `tcp` is no scheme with a port of its own, so an explicit one is never dropped when the address is parsed.
      const url = parseUrl(`tcp://${rest}`);
      if (url === undefined || url.username !== "") break;
      return {
        description: text,
        source,
        dockerOptions: tcpOptions(url, scheme === "https" ? (tls ?? verified) : tls),
      };
    }
  }
  throw invalid(
    `${source === "settings" ? "The Docker host" : source} is not an address of an engine: ${redacted(text)}`,
    "Use unix:///path/to/docker.sock, tcp://HOST:PORT, npipe:////./pipe/NAME or ssh://USER@HOST.",
  );
}

const verified: TlsMaterial = { verify: true };

function tcpOptions(url: URL, tls: TlsMaterial | undefined): EngineEndpoint["dockerOptions"] {
  const port = url.port || (tls === undefined ? 2375 : 2376);
  if (tls === undefined) return { protocol: "http", host: `http://${url.hostname}`, port };
  const { verify, ...material } = tls;
  const agent = verify ? {} : { agent: new HttpsAgent({ ...material, rejectUnauthorized: false }) };
  return { protocol: "https", host: `https://${url.hostname}`, port, ...material, ...agent };
}

async function tlsFromEnvironment(env: NodeJS.ProcessEnv, configDir: string): Promise<TlsMaterial | undefined> {
  if (!env.DOCKER_TLS_VERIFY && !env.DOCKER_TLS) return undefined;
  const directory = env.DOCKER_CERT_PATH || configDir;
  const tls = await readTls(directory, Boolean(env.DOCKER_TLS_VERIFY));
  if (env.DOCKER_CERT_PATH && tls.ca === undefined && tls.cert === undefined) {
    throw invalid(
      `DOCKER_CERT_PATH holds no ca.pem, cert.pem or key.pem: ${directory}`,
      "Point it to the directory with them.",
    );
  }
  return tls;
}

async function readTls(directory: string, verify: boolean): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readOptional(join(directory, name))),
  );
  return dropUndefined({ ca, cert, key, verify });
}

async function currentContext(configDir: string): Promise<string | undefined> {
  const path = join(configDir, "config.json");
  const text = await readOptional(path);
  if (text === undefined) return undefined;
  const config = parseJson(text, path) as { currentContext?: unknown } | null;
  return typeof config?.currentContext === "string" && config.currentContext !== "" ? config.currentContext : undefined;
}

async function contextEndpoint(name: string, configDir: string): Promise<EngineEndpoint> {
  const id = createHash("sha256").update(name).digest("hex");
  const path = join(configDir, "contexts/meta", id, "meta.json");
  const text = await readOptional(path);
  if (text === undefined) {
    throw invalid(`The Docker context "${name}" does not exist`, "See `docker context ls`, or unset DOCKER_CONTEXT.");
  }
  const meta = parseJson(text, path) as { Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: unknown } } } | null;
  const docker = meta?.Endpoints?.docker;
  if (typeof docker?.Host !== "string" || docker.Host === "") {
    throw invalid(`The Docker context "${name}" names no engine`, `Look at \`docker context inspect ${name}\`.`);
  }
  const tls = await readTls(join(configDir, "contexts/tls", id, "docker"), docker.SkipTLSVerify !== true);
  const hasTls = tls.ca !== undefined || tls.cert !== undefined || !tls.verify;
  return endpoint(docker.Host, `context ${name}`, hasTls ? tls : undefined);
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  try {
    return await readHostFile(path);
  } catch (cause) {
    throw invalid((cause as Error).message, "Check the file and its permissions.", cause);
  }
}

function parseJson(text: Buffer, path: string): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch (cause) {
    throw invalid(`${path} is not valid JSON`, "Correct it; the docker CLI cannot read it either.", cause);
  }
}

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.hostname ? url : undefined;
}

function redacted(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//…@").slice(0, 200);
}

function invalid(message: string, hint: string, cause?: unknown): InvalidOptionsError {
  return new InvalidOptionsError(message, dropUndefined({ providerId: "docker", hint, cause }));
}

import { hostProxyFailure } from "@glovebox/core/host-proxy";
import {
  InvalidOptionsError,
  SandboxAbortedError,
  SandboxAuthenticationError,
  SandboxError,
  SandboxRateLimitedError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { hostFetch, type RegistryFetch, type RegistryRequest, type RegistryResponse } from "./host-fetch.ts";
import { type ImageName, parseImageName } from "./image-name.ts";
import { parseChallenge } from "./registry-challenge.ts";
import { authorize } from "./registry-token.ts";
import { type StoredLogin, storedLogin } from "./stored-login.ts";

const requestTimeoutMs = 20_000;

/** An index for several architectures comes before the image of one: what the nodes pull is theirs to choose. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** How registries are reached. */
export interface RegistryClientOptions {
  /** Where stored logins, proxies and certificates are looked up. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** In place of the login that an engine's command has stored. */
  readonly login?: StoredLogin | undefined;
  /** Speak HTTP without TLS, also to a registry that is not on this machine. */
  readonly plainHttp?: boolean | undefined;
}

/** Reads image registries by the OCI distribution API. It writes nothing: pushing is left to a container engine. */
export class RegistryClient {
  readonly #env: NodeJS.ProcessEnv;
  readonly #login: StoredLogin | undefined;
  readonly #plainHttp: boolean;

  constructor({ env = process.env, login, plainHttp = false }: RegistryClientOptions = {}) {
    this.#env = env;
    this.#login = login;
    this.#plainHttp = plainHttp;
  }

  /**
   * The digest (`sha256:…`) of what a tag names. `undefined` when the registry has no such tag or repository. Rejects with
   * `authentication`, `rate-limited`, `unavailable` or `timeout`.
   */
  async resolve(
    reference: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<string | undefined> {
    const name = parseImageName(reference);
    const deadline = AbortSignal.timeout(requestTimeoutMs);
    const both = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      const response = await this.#manifest(name, reference, both);
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw refusal(response, reference, name);
      const digest = response.headers.get("docker-content-digest");
      if (digest === null || !/^sha256:[0-9a-f]{64}$/.test(digest))
        throw new SandboxUnavailableError(`The registry ${name.registry} does not tell the digest of ${reference}`);
      return digest;
    } catch (error) {
      throw mapFailure(error, { reference, registry: name.registry, signal, deadline });
    }
  }

  async #manifest(name: ImageName, reference: string, signal: AbortSignal): Promise<RegistryResponse> {
    const fetch = await hostFetch(name.registry, this.#env);
    const request: RegistryRequest = { method: "HEAD", headers: { accept: manifestTypes }, signal };
    const path = `/v2/${name.path}/manifests/${name.digest ?? name.tag ?? "latest"}`;
    const { response, url } = await this.#first(fetch, name.registry, path, request);
    const challenge = response.status === 401 ? parseChallenge(response.headers.get("www-authenticate")) : undefined;
    if (challenge === undefined) return response;
    const login = this.#login ?? (await storedLogin(reference, this.#env));
    const authorization = await authorize(fetch, challenge, { login, scope: `repository:${name.path}:pull`, signal });
    if (authorization === undefined) return response;
    return await fetch(url, { ...request, headers: { ...request.headers, authorization } });
  }

  /** A registry on this machine may speak HTTP without TLS, as for container engines. */
  async #first(fetch: RegistryFetch, registry: string, path: string, request: RegistryRequest) {
    const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
    const plain = new URL(path, `http://${host}`);
    if (this.#plainHttp) return { url: plain, response: await fetch(plain, request) };
    const url = new URL(path, `https://${host}`);
    try {
      return { url, response: await fetch(url, request) };
    } catch (error) {
      if (!isLoopback(url.hostname) || request.signal.aborted) throw error;
      return { url: plain, response: await fetch(plain, request) };
    }
  }
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function refusal({ status, headers }: RegistryResponse, reference: string, { registry }: ImageName): SandboxError {
  const message = `The registry ${registry} answered ${status} for ${reference}`;
  if (status === 401 || status === 403) {
    const where = registry === "docker.io" ? "" : ` ${registry}`;
    return new SandboxAuthenticationError(`${message}: it needs a login, or does not have it`, {
      hint: `Check the name, and log in with \`docker login${where}\` (or podman's).`,
    });
  }
  if (status === 429) {
    const seconds = Number(headers.get("retry-after") ?? Number.NaN);
    return new SandboxRateLimitedError(message, Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {});
  }
  return new SandboxUnavailableError(message, { retryable: status >= 500 });
}

interface Failed {
  readonly reference: string;
  readonly registry: string;
  readonly signal: AbortSignal | undefined;
  readonly deadline: AbortSignal;
}

function mapFailure(error: unknown, { reference, registry, signal, deadline }: Failed): SandboxError {
  const operation = `asking the registry ${registry} for ${reference}`;
  if (signal?.aborted) return new SandboxAbortedError(`Aborted while ${operation}`, { cause: error });
  const known = SandboxError.isInstance(error) ? error : hostProxyFailure(error);
  if (known !== undefined) return known;
  if (deadline.aborted)
    return new SandboxTimeoutError(`No answer in time while ${operation}`, { cause: error, retryable: true });
  if (error instanceof TypeError && (error as { code?: unknown }).code === "ERR_INVALID_URL")
    return new InvalidOptionsError(`Invalid registry: ${registry}`, { cause: error });
  const reason =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return new SandboxUnavailableError(`Failed ${operation}: ${safeLine(reason, 300)}`, {
    cause: error,
    retryable: true,
  });
}

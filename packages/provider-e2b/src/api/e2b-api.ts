import { hostProxyForUrl, proxyVariables } from "@glovebox/core/host-proxy";
import {
  SandboxAuthenticationError,
  SandboxError,
  SandboxUnavailableError,
  type Secret,
} from "@glovebox/core/provider";
import { retry, withDeadline } from "@glovebox/provider-kit";
import type { ApiClient, E2B, E2BClientOpts } from "e2b";
import type { E2bProviderSettings } from "../e2b-settings.ts";
import { mapE2bError } from "./e2b-errors.ts";

const defaultRequestTimeoutMs = 60_000;
const provider = { id: "e2b", name: "E2B" };

/** Options of the SDK. */
export interface E2bCallOptions {
  readonly requestTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface E2bCall {
  readonly signal?: AbortSignal | undefined;
  /** Default: the setting `requestTimeoutMs`. */
  readonly timeoutMs?: number;
}

/** Calls E2B with its SDK, which is loaded at the first call. Every failure is a `SandboxError`. */
export class E2bApi {
  readonly #settings: E2bProviderSettings;
  #client: Promise<E2B> | undefined;

  constructor(settings: E2bProviderSettings) {
    this.#settings = settings;
  }

  get requestTimeoutMs(): number {
    return this.#settings.requestTimeoutMs ?? defaultRequestTimeoutMs;
  }

  /** The URL of all sandboxes, if they share one. */
  get sandboxUrl(): string | undefined {
    return this.#settings.sandboxUrl ?? (process.env.E2B_SANDBOX_URL || undefined);
  }

  /** The setting in the form that libraries accept, whatever characters its password has. */
  get proxy(): string | undefined {
    return proxyVariables({ https_proxy: this.#settings.proxy }).https_proxy;
  }

  /** The template that the default template starts from. */
  get baseTemplate(): string {
    return this.#settings.template ?? "base";
  }

  /** Makes one call. `operation` completes "E2B failed while …". */
  async call<T>(
    operation: string,
    { signal, timeoutMs = this.requestTimeoutMs }: E2bCall,
    work: (client: E2B, options: E2bCallOptions) => Promise<T>,
  ): Promise<T> {
    return withDeadline({ provider, operation, timeoutMs, signal, retryable: true }, async (cancelled) => {
      try {
        return await work(await this.#load(), { requestTimeoutMs: timeoutMs, signal: cancelled });
      } catch (error) {
        throw mapE2bError(error, operation);
      }
    });
  }

  /**
   * Makes a call into a sandbox that is safe to repeat. Retries `rate-limited`, which the SDK retries only for the control
   * plane, and `not-found`, because E2B's proxy may learn of a sandbox later than its control plane.
   */
  async callInside<T>(operation: string, options: E2bCall, work: (options: E2bCallOptions) => Promise<T>): Promise<T> {
    const { signal } = options;
    const shouldRetry = ({ code }: SandboxError): boolean => code === "rate-limited" || code === "not-found";
    const call = (): Promise<T> => this.call(operation, options, (_, callOptions) => work(callOptions));
    try {
      return await retry(call, { provider, operation, attempts: 4, pauseMs: 500, shouldRetry, signal });
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
      const message = `E2B cannot reach the sandbox while ${operation}`;
      throw new SandboxUnavailableError(message, { providerId: "e2b", cause: error });
    }
  }

  #load(): Promise<E2B> {
    this.#client ??= this.#createClient();
    this.#client.catch(() => {
      this.#client = undefined;
    });
    return this.#client;
  }

  /** Makes one call to E2B's API that the SDK has no method for. Throws its reply for a status other than 2xx. */
  async callApi<T>(
    operation: string,
    call: E2bCall,
    work: (api: ApiClient["api"], signal: AbortSignal) => Promise<{ readonly data?: T; readonly response: Response }>,
  ): Promise<{ readonly status: number; readonly data?: T | undefined }> {
    return this.call(operation, call, async (_, { signal }) => {
      const { ApiClient: Client, ConnectionConfig } = await import("e2b");
      const { api } = new Client(new ConnectionConfig(this.#connection()));
      const { data, response } = await work(api, signal);
      return { status: response.status, data };
    });
  }

  async #createClient(): Promise<E2B> {
    const { E2B: Client } = await import("e2b");
    return new Client(this.#connection());
  }

  #connection(): E2BClientOpts {
    const { apiKey: key, apiUrl, sandboxUrl, domain } = this.#settings;
    const apiKey = revealed(key) ?? process.env.E2B_API_KEY;
    if (!apiKey) throw missingKey();
    const api = apiUrl ?? (process.env.E2B_API_URL || `https://api.${domain ?? (process.env.E2B_DOMAIN || "e2b.app")}`);
    const proxy = this.proxy ?? hostProxyForUrl(new URL(api), process.env)?.href;
    return {
      apiKey,
      apiUrl: api,
      // The environment variable E2B_DEBUG must not disable the control plane.
      debug: false,
      ...(sandboxUrl !== undefined && { sandboxUrl }),
      ...(domain !== undefined && { domain }),
      ...(proxy !== undefined && { proxy }),
    };
  }
}

function revealed(key: string | Secret | undefined): string | undefined {
  return typeof key === "object" ? key.reveal() : key;
}

function missingKey(): SandboxAuthenticationError {
  return new SandboxAuthenticationError("The E2B API key is not set", {
    providerId: "e2b",
    hint: "Set E2B_API_KEY; keys are at https://e2b.dev/dashboard?tab=keys.",
  });
}

import { setTimeout as delay } from "node:timers/promises";
import {
  SandboxAuthenticationError,
  SandboxError,
  SandboxUnavailableError,
  type Secret,
} from "@glovebox/core/provider";
import type { E2B } from "e2b";
import { mapE2bError } from "./e2b-errors.ts";
import type { E2bProviderSettings } from "./e2b-settings.ts";
import { proxyFor } from "./proxy-for.ts";
import { withDeadline } from "./with-deadline.ts";

const defaultRequestTimeoutMs = 60_000;
const tries = 4;
const betweenTriesMs = 1000;

/** What a call to E2B is given: the SDK's own options. */
export interface E2bCallOptions {
  readonly requestTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface E2bCall {
  readonly signal?: AbortSignal;
  /** The setting's unless given. */
  readonly timeoutMs?: number;
}

/** E2B by its SDK, which is loaded when it is used. Every failure is a `SandboxError`. */
export class E2bApi {
  readonly #settings: E2bProviderSettings;
  #client: Promise<E2B> | undefined;

  constructor(settings: E2bProviderSettings) {
    this.#settings = settings;
  }

  get requestTimeoutMs(): number {
    return this.#settings.requestTimeoutMs ?? defaultRequestTimeoutMs;
  }

  /** Where every sandbox is reached, where that is one place. */
  get sandboxUrl(): string | undefined {
    return this.#settings.sandboxUrl ?? (process.env.E2B_SANDBOX_URL || undefined);
  }

  get proxy(): string | undefined {
    return this.#settings.proxy;
  }

  /** The template that the default one starts from. */
  get baseTemplate(): string {
    return this.#settings.template ?? "base";
  }

  /** One call. `doing` completes "E2B failed while …". */
  async call<T>(
    doing: string,
    { signal, timeoutMs = this.requestTimeoutMs }: E2bCall,
    work: (client: E2B, options: E2bCallOptions) => Promise<T>,
  ): Promise<T> {
    return withDeadline({ doing, timeoutMs, signal }, async (unwanted) => {
      try {
        return await work(await this.#load(), { requestTimeoutMs: timeoutMs, signal: unwanted });
      } catch (error) {
        throw mapE2bError(error, doing);
      }
    });
  }

  /**
   * One call into a sandbox, of a kind that may be made again: where it was refused as one too many, which the SDK repeats only
   * for the control plane, and where E2B's proxy does not find what its control plane tells of.
   */
  async callInside<T>(doing: string, options: E2bCall, work: (options: E2bCallOptions) => Promise<T>): Promise<T> {
    for (let left = tries; ; left -= 1) {
      try {
        return await this.call(doing, options, (_, call) => work(call));
      } catch (error) {
        if (!SandboxError.isInstance(error) || !["rate-limited", "not-found"].includes(error.code)) throw error;
        if (left === 1) throw error.code === "not-found" ? unreachable(doing, error) : error;
        await delay(betweenTriesMs, undefined, { ...(options.signal && { signal: options.signal }) }).catch(() => {});
      }
    }
  }

  #load(): Promise<E2B> {
    this.#client ??= this.#make();
    this.#client.catch(() => {
      this.#client = undefined;
    });
    return this.#client;
  }

  async #make(): Promise<E2B> {
    const { apiKey: given, apiUrl, sandboxUrl, domain, proxy } = this.#settings;
    const apiKey = revealed(given) ?? process.env.E2B_API_KEY;
    if (!apiKey) throw missingKey();
    const { E2B: Client } = await import("e2b");
    const api = apiUrl ?? (process.env.E2B_API_URL || `https://api.${domain ?? (process.env.E2B_DOMAIN || "e2b.app")}`);
    const way = proxy ?? proxyFor(api);
    return new Client({
      apiKey,
      apiUrl: api,
      // A variable that a person has left set must not turn the control plane off.
      debug: false,
      ...(sandboxUrl !== undefined && { sandboxUrl }),
      ...(domain !== undefined && { domain }),
      ...(way !== undefined && { proxy: way }),
    });
  }
}

function revealed(key: string | Secret | undefined): string | undefined {
  return typeof key === "object" ? key.reveal() : key;
}

function missingKey(): SandboxAuthenticationError {
  return new SandboxAuthenticationError("There is no API key for E2B", {
    providerId: "e2b",
    hint: "Set E2B_API_KEY; keys are at https://e2b.dev/dashboard?tab=keys.",
  });
}

function unreachable(doing: string, cause: SandboxError): SandboxUnavailableError {
  return new SandboxUnavailableError(`E2B does not reach the sandbox while ${doing}`, { providerId: "e2b", cause });
}

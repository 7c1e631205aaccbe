import { setTimeout as delay } from "node:timers/promises";
import {
  type CallOptions,
  SandboxAbortedError,
  SandboxAuthenticationError,
  SandboxError,
  type Secret,
} from "@glovebox/core/provider";
import type { E2B, SandboxOpts } from "e2b";
import { mapE2bError } from "./e2b-errors.ts";
import type { E2bProviderSettings } from "./e2b-settings.ts";
import { proxyFor } from "./proxy-for.ts";

const defaultRequestTimeoutMs = 60_000;
/** Calls into a sandbox that are refused as too many: the SDK repeats only those to the control plane. */
const limitedTries = 4;
const limitedPauseMs = 1000;

/** What a call to E2B is given: the SDK's own options. */
export type E2bCallOptions = Pick<SandboxOpts, "requestTimeoutMs" | "signal">;

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
    { signal }: CallOptions,
    work: (client: E2B, options: E2bCallOptions) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw new SandboxAbortedError(`Aborted while ${doing}`, { providerId: "e2b" });
    try {
      const client = await this.#load();
      return await work(client, { requestTimeoutMs: this.requestTimeoutMs, ...(signal && { signal }) });
    } catch (error) {
      throw mapE2bError(error, doing, signal);
    }
  }

  /** One call into a sandbox that may be made again where it was refused as one too many. */
  async callInside<T>(doing: string, options: CallOptions, work: (options: E2bCallOptions) => Promise<T>): Promise<T> {
    for (let left = limitedTries; ; left -= 1) {
      try {
        return await this.call(doing, options, (_, call) => work(call));
      } catch (error) {
        if (!SandboxError.isInstance(error) || error.code !== "rate-limited" || left === 1) throw error;
        await delay(limitedPauseMs);
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

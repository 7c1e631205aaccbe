import { SandboxAbortedError, type SandboxError, SandboxTimeoutError } from "@glovebox/core/provider";
import type { z } from "zod";
import type { ResolvedSettings } from "../cloudflare-settings.ts";
import { fetchFor } from "./host-proxy.ts";
import { mapFailure } from "./map-failure.ts";
import { mapResponse, notOurs } from "./map-response.ts";
import { retryRequest } from "./retry-request.ts";
import { WorkerResponse } from "./worker-response.ts";

export interface WorkerRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the Worker's URL, without a leading slash: `v1/sandboxes`. */
  readonly path: string;
  readonly body?: unknown;
  /** Completes "failed while …": `creating the sandbox`. */
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
  /** Default: the setting `requestTimeoutMs`. */
  readonly timeoutMs?: number;
}

export interface WorkerReply<T> {
  readonly status: number;
  readonly value: T;
}

/** Sends requests to the Worker. Every failure is a `SandboxError`. */
export class WorkerClient {
  readonly #settings: ResolvedSettings;
  #fetch: Promise<typeof fetch> | undefined;

  constructor(settings: ResolvedSettings) {
    this.#settings = settings;
  }

  /** The headers of every request. */
  get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#settings.worker().apiKey.reveal()}` };
  }

  url(path: string): URL {
    return new URL(path, this.#settings.worker().url);
  }

  /** Sends a request once. */
  async once<T>(request: WorkerRequest, schema: z.ZodType<T>): Promise<WorkerReply<T>> {
    const response = await this.#send(request);
    if (response.status < 200 || response.status > 299) throw mapResponse(response, request.operation);
    const parsed = schema.safeParse(response.status === 204 ? undefined : parseJson(response.body));
    if (!parsed.success) throw notOurs(response, request.operation);
    return { status: response.status, value: parsed.data };
  }

  /** Sends a request that is safe to repeat, with retries. */
  async call<T>(request: WorkerRequest, schema: z.ZodType<T>): Promise<T> {
    return (await retryRequest(() => this.once(request, schema), request)).value;
  }

  async #send(request: WorkerRequest): Promise<WorkerResponse> {
    const { method, path, body, operation, signal, timeoutMs = this.#settings.requestTimeoutMs } = request;
    if (signal?.aborted) throw aborted(operation, signal);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      this.#fetch ??= fetchFor(this.#settings.worker().url);
      const send = await this.#fetch;
      const response = await send(this.url(path), {
        method,
        headers: { ...this.headers, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A redirect must not receive the key.
        redirect: "manual",
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      const headers = Object.fromEntries(response.headers);
      return new WorkerResponse({ status: response.status, headers, body: await response.text() });
    } catch (error) {
      if (signal?.aborted) throw aborted(operation, signal);
      if (timeout.aborted) {
        const message = `The Cloudflare Worker timed out after ${timeoutMs / 1000} s while ${operation}`;
        throw new SandboxTimeoutError(message, { providerId: "cloudflare", retryable: true, cause: error });
      }
      throw mapFailure(error, operation);
    }
  }
}

function aborted(operation: string, signal: AbortSignal): SandboxError {
  return new SandboxAbortedError(`Aborted while ${operation}`, { providerId: "cloudflare", cause: signal.reason });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema rejects `undefined`.
    return undefined;
  }
}

import { SandboxAbortedError, type SandboxError, SandboxTimeoutError } from "@glovebox/core/provider";
import type { z } from "zod";
import type { ResolvedSettings } from "../cloudflare-settings.ts";
import { fetchFor } from "./host-proxy.ts";
import { mapAnswer, notOurs } from "./map-answer.ts";
import { mapFailure } from "./map-failure.ts";
import { retry } from "./retry.ts";
import { WorkerAnswer } from "./worker-answer.ts";

export interface WorkerRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the Worker's URL, without a leading slash: `v1/sandboxes`. */
  readonly path: string;
  readonly body?: unknown;
  /** Completes "failed while …": `creating the sandbox`. */
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
  /** The setting `requestTimeoutMs` unless told. */
  readonly timeoutMs?: number;
}

export interface WorkerReply<T> {
  readonly status: number;
  readonly value: T;
}

/** Speaks the Worker's protocol over HTTP. Every failure is a `SandboxError`. */
export class WorkerClient {
  readonly #settings: ResolvedSettings;
  #fetch: Promise<typeof fetch> | undefined;

  constructor(settings: ResolvedSettings) {
    this.#settings = settings;
  }

  /** What every request carries. */
  get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#settings.worker().apiKey.reveal()}` };
  }

  url(path: string): URL {
    return new URL(path, this.#settings.worker().url);
  }

  /** One attempt. */
  async once<T>(request: WorkerRequest, schema: z.ZodType<T>): Promise<WorkerReply<T>> {
    const answer = await this.#send(request);
    if (answer.status < 200 || answer.status > 299) throw mapAnswer(answer, request.doing);
    const parsed = schema.safeParse(answer.status === 204 ? undefined : parseJson(answer.body));
    if (!parsed.success) throw notOurs(answer, request.doing);
    return { status: answer.status, value: parsed.data };
  }

  /** For what does the same when it is asked twice: asked again where it does not come through. */
  async call<T>(request: WorkerRequest, schema: z.ZodType<T>): Promise<T> {
    return (await retry(() => this.once(request, schema), { signal: request.signal })).value;
  }

  async #send(request: WorkerRequest): Promise<WorkerAnswer> {
    const { method, path, body, doing, signal, timeoutMs = this.#settings.requestTimeoutMs } = request;
    if (signal?.aborted) throw aborted(doing, signal);
    const tooLate = AbortSignal.timeout(timeoutMs);
    try {
      this.#fetch ??= fetchFor(this.#settings.worker().url);
      const send = await this.#fetch;
      const response = await send(this.url(path), {
        method,
        headers: { ...this.headers, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // The key goes to nobody else.
        redirect: "manual",
        signal: signal === undefined ? tooLate : AbortSignal.any([tooLate, signal]),
      });
      const headers = Object.fromEntries(response.headers);
      return new WorkerAnswer({ status: response.status, headers, body: await response.text() });
    } catch (error) {
      if (signal?.aborted) throw aborted(doing, signal);
      if (tooLate.aborted) {
        const message = `No answer from the Cloudflare Worker within ${timeoutMs / 1000} s while ${doing}`;
        throw new SandboxTimeoutError(message, { providerId: "cloudflare", retryable: true, cause: error });
      }
      throw mapFailure(error, doing);
    }
  }
}

function aborted(doing: string, signal: AbortSignal): SandboxError {
  return new SandboxAbortedError(`Aborted while ${doing}`, { providerId: "cloudflare", cause: signal.reason });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fits no schema.
    return undefined;
  }
}

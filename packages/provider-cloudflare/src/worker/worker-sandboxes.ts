import {
  SandboxAbortedError,
  SandboxError,
  type SandboxErrorCode,
  SandboxNotFoundError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { z } from "zod";
import { wasNotDone } from "./map-failure.ts";
import { retry } from "./retry.ts";
import type { WorkerClient, WorkerReply, WorkerRequest } from "./worker-client.ts";
import {
  listReplySchema,
  protocolVersion,
  type SandboxRecord,
  sandboxReplySchema,
  snapshotReplySchema,
  templateReplySchema,
  type WorkerInfo,
  workerReplySchema,
} from "./worker-replies.ts";

const createTimeoutMs = 5 * 60_000;
const snapshotTimeoutMs = 10 * 60_000;
const undoTimeoutMs = 30_000;
const pageSize = 100;
/** Ids are the Worker's own: what cannot be one is not asked for. */
const idPattern = /^[A-Za-z0-9_-]{1,128}$/;
const nothing = z.unknown();

export interface MadeSandbox {
  readonly record: SandboxRecord;
  /** Whether an earlier call with the same key has made it. */
  readonly isEarlier: boolean;
}

/** The Worker's sandboxes, by its protocol. */
export class WorkerSandboxes {
  readonly client: WorkerClient;

  constructor(client: WorkerClient) {
    this.client = client;
  }

  /** What the Worker is. One of another protocol is `unavailable`. */
  async worker(signal: AbortSignal | undefined): Promise<WorkerInfo> {
    const request = { method: "GET", path: "v1", doing: "looking at the Worker", signal } as const;
    const told = await this.client.call(request, workerReplySchema);
    if (!("version" in told)) throw otherProtocol(told.protocol);
    return told;
  }

  /**
   * Makes a sandbox, or finds the one that the same idempotency key made before. When it fails none is left, unless the error
   * says `mayHaveCreated`.
   */
  async create(body: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<MadeSandbox> {
    const request = { method: "POST", path: "v1/sandboxes", body, doing: "creating the sandbox" } as const;
    if (signal?.aborted) throw aborted(request.doing, signal);
    let isUncertain = false;
    const note = (error: SandboxError): void => {
      isUncertain ||= !wasNotDone(error);
    };
    // Not with the signal: only when it is known what was made can it be unmade.
    const made = retry(() => this.client.once({ ...request, timeoutMs: createTimeoutMs }, sandboxReplySchema), {
      signal,
      onFailure: note,
    }).then(madeSandbox);
    try {
      return await beforeAbort(made, signal, request.doing);
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      if (error.code === "aborted" && signal?.aborted) throw await this.#undo(made, error, () => isUncertain);
      throw isUncertain ? mayHaveCreated(error) : error;
    }
  }

  /** Waits for a create that is not wanted any more and removes what it made. Resolves to the error to throw. */
  async #undo(made: Promise<MadeSandbox>, error: SandboxError, isUncertain: () => boolean): Promise<SandboxError> {
    try {
      const late = await within(undoTimeoutMs, made);
      // What an earlier call has made may hold work: it is left, and the error says so.
      if (late.isEarlier) return mayHaveCreated(error);
      await this.destroy(late.record.id, AbortSignal.timeout(undoTimeoutMs));
      return error;
    } catch (failure) {
      const isGivenUp = !SandboxError.isInstance(failure) || failure.code === "timeout";
      return isGivenUp || isUncertain() ? mayHaveCreated(error) : error;
    }
  }

  async get(id: string, signal: AbortSignal | undefined): Promise<SandboxRecord> {
    const request = { method: "GET", path: pathOf(id), doing: "looking at the sandbox", signal } as const;
    return (await this.client.call(request, sandboxReplySchema)).sandbox;
  }

  /** Resolves to the end of the lease. */
  async extend(id: string, ttlMs: number, signal: AbortSignal | undefined): Promise<Date> {
    const { leaseEndsAt } = await this.#change(
      id,
      "extend",
      { ttlMs: Math.ceil(ttlMs) },
      { doing: "extending the lease", signal },
    );
    return leaseEndsAt ?? new Date(Date.now() + ttlMs);
  }

  /** Starts one that has stopped; of one that runs it sets the lease. */
  wake(id: string, ttlMs: number, signal: AbortSignal | undefined): Promise<SandboxRecord> {
    const waking = { doing: "waking the sandbox", signal, timeoutMs: createTimeoutMs };
    return this.#change(id, "wake", { ttlMs: Math.ceil(ttlMs) }, waking);
  }

  async #change(
    id: string,
    verb: string,
    body: unknown,
    options: Pick<WorkerRequest, "doing" | "signal" | "timeoutMs">,
  ): Promise<SandboxRecord> {
    const request = { ...options, method: "POST", path: `${pathOf(id)}/${verb}`, body } as const;
    return (await this.client.call(request, sandboxReplySchema)).sandbox;
  }

  /** Resolves to the snapshot's id. Asked once: a second would make a second one. */
  async snapshot(id: string, signal: AbortSignal | undefined): Promise<string> {
    const path = `${pathOf(id)}/snapshot`;
    const doing = "making a snapshot";
    const request = { method: "POST", path, doing, signal, timeoutMs: snapshotTimeoutMs } as const;
    return (await this.client.once(request, snapshotReplySchema)).value.snapshot;
  }

  /** The reference that was remembered for a template's digest. */
  async findTemplate(digest: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    const request = {
      method: "GET",
      path: `v1/templates/${digest}`,
      doing: "looking for the template",
      signal,
    } as const;
    try {
      return (await this.client.call(request, templateReplySchema)).reference;
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
      throw error;
    }
  }

  async rememberTemplate(digest: string, reference: string, signal: AbortSignal | undefined): Promise<void> {
    const path = `v1/templates/${digest}`;
    const doing = "remembering the template";
    await this.client.call({ method: "PUT", path, body: { reference }, doing, signal }, nothing);
  }

  /** Resolves when it is confirmed gone, also where there was none. */
  async destroy(id: string, signal: AbortSignal | undefined): Promise<void> {
    const doing = "removing the sandbox";
    if (signal?.aborted) throw aborted(doing, signal);
    if (!idPattern.test(id)) return;
    await this.#remove({ method: "DELETE", path: pathOf(id), doing, signal });
  }

  async #remove(request: WorkerRequest): Promise<void> {
    try {
      await this.client.call(request, nothing);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
    }
  }

  /** Every sandbox that carries all of the labels, page by page. */
  async *list(
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SandboxRecord, void, undefined> {
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(pageSize) });
      for (const [key, value] of Object.entries(labels)) query.append("label", `${key}=${value}`);
      if (cursor !== undefined) query.set("cursor", cursor);
      const request = { method: "GET", path: `v1/sandboxes?${query}`, doing: "listing the sandboxes", signal } as const;
      const page = await this.client.call(request, listReplySchema);
      yield* page.sandboxes;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

function pathOf(id: string): string {
  if (idPattern.test(id)) return `v1/sandboxes/${id}`;
  throw new SandboxNotFoundError(`There is no Cloudflare sandbox ${JSON.stringify(id.slice(0, 80))}`, {
    providerId: "cloudflare",
  });
}

function otherProtocol(protocol: number): SandboxError {
  const isNewer = protocol > protocolVersion;
  return new SandboxUnavailableError(
    `The Cloudflare Worker speaks version ${protocol} of the protocol, and this provider version ${protocolVersion}`,
    {
      providerId: "cloudflare",
      retryable: false,
      hint: isNewer
        ? "Update @glovebox/provider-cloudflare."
        : "Deploy the Worker of this version: `glovebox cloudflare deploy`.",
    },
  );
}

function madeSandbox({ status, value }: WorkerReply<{ readonly sandbox: SandboxRecord }>): MadeSandbox {
  return { record: value.sandbox, isEarlier: status !== 201 };
}

function beforeAbort<T>(work: Promise<T>, signal: AbortSignal | undefined, doing: string): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(aborted(doing, signal));
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = new SandboxTimeoutError("Undoing a create took too long", { providerId: "cloudflare" });
    timer = setTimeout(() => reject(tooLate), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function aborted(doing: string, signal: AbortSignal): SandboxError {
  return new SandboxAbortedError(`Aborted while ${doing}`, { providerId: "cloudflare", cause: signal.reason });
}

/** The same error for a caller who has to look for what may be there. */
function mayHaveCreated(error: SandboxError): SandboxError {
  const code: SandboxErrorCode = error.code;
  return new SandboxError(code, error.message, {
    providerId: "cloudflare",
    retryable: error.retryable,
    mayHaveCreated: true,
    hint: "A sandbox may be left; `glovebox reap` removes it when its lease has ended.",
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    cause: error,
  });
}

import { SandboxError, SandboxNotFoundError, SandboxUnavailableError } from "@glovebox/core/provider";
import { mayHaveCreated, withDeadline } from "@glovebox/provider-kit";
import { z } from "zod";
import { hadNoEffect } from "./map-failure.ts";
import { retryRequest } from "./retry-request.ts";
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
/** Includes retries. */
const createDeadlineMs = 4 * createTimeoutMs;
const rollbackTimeoutMs = 30_000;
const pageSize = 100;
const provider = { id: "cloudflare", name: "The Cloudflare Worker" };
/** Other ids cannot exist and are never sent. */
const idPattern = /^[A-Za-z0-9_-]{1,128}$/;
const nothing = z.unknown();
const leftoverHint = "The sandbox may exist; `glovebox reap` removes it after its lease has ended.";

export interface WorkerSandbox {
  readonly record: SandboxRecord;
  /** Whether an earlier call with the same key created it. */
  readonly isExisting: boolean;
}

/** The operations of the Worker's protocol. */
export class WorkerSandboxes {
  readonly client: WorkerClient;

  constructor(client: WorkerClient) {
    this.client = client;
  }

  /** Returns what the Worker supports. Throws `unavailable` for another protocol version. */
  async worker(signal: AbortSignal | undefined): Promise<WorkerInfo> {
    const request = { method: "GET", path: "v1", operation: "checking the Worker", signal } as const;
    const reply = await this.client.call(request, workerReplySchema);
    if (!("version" in reply)) throw otherProtocol(reply.protocol);
    return reply;
  }

  /**
   * Creates a sandbox, or finds the one of the same idempotency key. When it fails, no sandbox exists unless the error says
   * `mayHaveCreated`.
   */
  async create(body: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<WorkerSandbox> {
    const operation = "creating the sandbox";
    const request = { method: "POST", path: "v1/sandboxes", body, operation, timeoutMs: createTimeoutMs } as const;
    let isUncertain = false;
    const onFailure = (error: SandboxError): void => {
      isUncertain ||= !hadNoEffect(error);
    };
    const deadline = { provider, operation, timeoutMs: createDeadlineMs, signal };
    let creation: Promise<WorkerSandbox> | undefined;
    try {
      return await withDeadline(deadline, () => {
        // The request itself is not aborted: only a known sandbox can be removed.
        const send = () => this.client.once(request, sandboxReplySchema);
        creation = retryRequest(send, { operation, signal, onFailure }).then(toSandbox);
        return creation;
      });
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      if (signal?.aborted && creation !== undefined) throw await this.#rollback(creation, error, () => isUncertain);
      throw isUncertain ? mayHaveCreated(error, leftoverHint) : error;
    }
  }

  /** Waits for an aborted creation and removes its sandbox. Resolves to the error to throw. */
  async #rollback(
    creation: Promise<WorkerSandbox>,
    error: SandboxError,
    isUncertain: () => boolean,
  ): Promise<SandboxError> {
    const deadline = { provider, operation: "removing an unfinished sandbox", timeoutMs: rollbackTimeoutMs };
    try {
      const { record, isExisting } = await withDeadline(deadline, () => creation);
      // The sandbox of an earlier call may contain work.
      if (isExisting) return mayHaveCreated(error, leftoverHint);
      await this.destroy(record.id, AbortSignal.timeout(rollbackTimeoutMs));
      return error;
    } catch (failure) {
      const isTimeout = !SandboxError.isInstance(failure) || failure.code === "timeout";
      return isTimeout || isUncertain() ? mayHaveCreated(error, leftoverHint) : error;
    }
  }

  async get(id: string, signal: AbortSignal | undefined): Promise<SandboxRecord> {
    const request = { method: "GET", path: pathOf(id), operation: "looking up the sandbox", signal } as const;
    return (await this.client.call(request, sandboxReplySchema)).sandbox;
  }

  /** Resolves to the new end of the lease. */
  async extend(id: string, ttlMs: number, signal: AbortSignal | undefined): Promise<Date> {
    const { leaseEndsAt } = await this.#change(
      id,
      "extend",
      { ttlMs: Math.ceil(ttlMs) },
      { operation: "extending the lease", signal },
    );
    return leaseEndsAt ?? new Date(Date.now() + ttlMs);
  }

  /** Restarts a stopped sandbox, or sets the lease of a running one. */
  wake(id: string, ttlMs: number, signal: AbortSignal | undefined): Promise<SandboxRecord> {
    const waking = { operation: "waking the sandbox", signal, timeoutMs: createTimeoutMs };
    return this.#change(id, "wake", { ttlMs: Math.ceil(ttlMs) }, waking);
  }

  async #change(
    id: string,
    verb: string,
    body: unknown,
    options: Pick<WorkerRequest, "operation" | "signal" | "timeoutMs">,
  ): Promise<SandboxRecord> {
    const request = { ...options, method: "POST", path: `${pathOf(id)}/${verb}`, body } as const;
    return (await this.client.call(request, sandboxReplySchema)).sandbox;
  }

  /** Resolves to the snapshot's id. Never retried: a retry would create a second one. */
  async snapshot(id: string, signal: AbortSignal | undefined): Promise<string> {
    const path = `${pathOf(id)}/snapshot`;
    const operation = "creating a snapshot";
    const request = { method: "POST", path, operation, signal, timeoutMs: snapshotTimeoutMs } as const;
    return (await this.client.once(request, snapshotReplySchema)).value.snapshot;
  }

  /** Resolves when the snapshot is gone, also if it did not exist. */
  async removeSnapshot(id: string, signal: AbortSignal | undefined): Promise<void> {
    const path = `v1/snapshots/${encodeURIComponent(id)}`;
    await this.#remove({ method: "DELETE", path, operation: "removing the snapshot", signal });
  }

  /** Returns the stored reference of a template. */
  async findTemplate(digest: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    const request = {
      method: "GET",
      path: `v1/templates/${digest}`,
      operation: "looking up the template",
      signal,
    } as const;
    try {
      return (await this.client.call(request, templateReplySchema)).reference;
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
      throw error;
    }
  }

  async storeTemplate(digest: string, reference: string, signal: AbortSignal | undefined): Promise<void> {
    const path = `v1/templates/${digest}`;
    const operation = "storing the template";
    await this.client.call({ method: "PUT", path, body: { reference }, operation, signal }, nothing);
  }

  /** Resolves when the sandbox is confirmed gone, also if it did not exist. */
  async destroy(id: string, signal: AbortSignal | undefined): Promise<void> {
    const operation = "removing the sandbox";
    if (!idPattern.test(id)) return;
    await this.#remove({ method: "DELETE", path: pathOf(id), operation, signal });
  }

  async #remove(request: WorkerRequest): Promise<void> {
    try {
      await this.client.call(request, nothing);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
    }
  }

  /** Yields every sandbox that has all of the labels. */
  async *list(
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SandboxRecord, void, undefined> {
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(pageSize) });
      for (const [key, value] of Object.entries(labels)) query.append("label", `${key}=${value}`);
      if (cursor !== undefined) query.set("cursor", cursor);
      const request = {
        method: "GET",
        path: `v1/sandboxes?${query}`,
        operation: "listing the sandboxes",
        signal,
      } as const;
      const page = await this.client.call(request, listReplySchema);
      yield* page.sandboxes;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

function pathOf(id: string): string {
  if (idPattern.test(id)) return `v1/sandboxes/${id}`;
  throw new SandboxNotFoundError(`The Cloudflare sandbox ${JSON.stringify(id.slice(0, 80))} does not exist`, {
    providerId: "cloudflare",
  });
}

function otherProtocol(protocol: number): SandboxError {
  const isNewer = protocol > protocolVersion;
  return new SandboxUnavailableError(
    `The Cloudflare Worker uses version ${protocol} of the protocol, this provider version ${protocolVersion}`,
    {
      providerId: "cloudflare",
      retryable: false,
      hint: isNewer
        ? "Update @glovebox/provider-cloudflare."
        : "Deploy this version of the Worker: `glovebox cloudflare deploy`.",
    },
  );
}

function toSandbox({ status, value }: WorkerReply<{ readonly sandbox: SandboxRecord }>): WorkerSandbox {
  return { record: value.sandbox, isExisting: status !== 201 };
}

import { DurableObject } from "cloudflare:workers";
import pLimit from "p-limit";
import { executeInside } from "../execute/execute-inside.ts";
import type { ExecuteRequest } from "../execute/execute-request.ts";
import { modelAddress, modelTarget } from "../execute/model-egress.ts";
import { ApiError } from "../http/api-error.ts";
import { handleErrors } from "../http/handle-errors.ts";
import { readBody } from "../http/read-body.ts";
import { sandboxRegistry } from "../registry/sandbox-registry.ts";
import { allowedImage, allowedLease } from "../settings/check-limits.ts";
import type { WorkerEnv } from "../settings/worker-env.ts";
import { readWorkerSettings, type WorkerSettings } from "../settings/worker-settings.ts";
import { type CreateOptions, newRecord } from "./new-record.ts";
import { SandboxContainer, type SandboxSource } from "./sandbox-container.ts";
import { type SandboxInfo, type SandboxRecord, sandboxInfo } from "./sandbox-record.ts";
import { leaseSchema, type SandboxSpec } from "./sandbox-spec.ts";
import { SandboxStorage } from "./sandbox-storage.ts";

const retryMs = 60_000;

/** One sandbox: its container, lease and stored state. The object's name is the sandbox's id. */
export class SandboxObject extends DurableObject<WorkerEnv> {
  readonly #runExclusive = pLimit(1);
  readonly #storage: SandboxStorage;
  #removal = new AbortController();

  constructor(ctx: DurableObjectState, env: WorkerEnv) {
    super(ctx, env);
    this.#storage = new SandboxStorage(ctx.storage, env);
    if (ctx.container?.running !== true) return;
    // The container outlived the previous instance of this object.
    this.#container.watch(() => this.#onContainerEnd());
    ctx.waitUntil(this.#container.keepAwake(this.#settings.inactivityMs));
  }

  /** Creates the sandbox, or returns the existing one of the same key. */
  create(options: CreateOptions): Promise<Response> {
    return handleErrors(() => this.#runExclusive(() => this.#create(options)));
  }

  info(): SandboxInfo | undefined {
    const record = this.#storage.record;
    if (record === undefined) return undefined;
    const gone = record.state === "running" && !this.#container.running;
    return sandboxInfo(gone ? { ...record, state: "stopped" } : record);
  }

  /** The available images: references by name. */
  images(): Readonly<Record<string, string>> {
    return { ...this.#container.images, ...this.#settings.images };
  }

  /** Serves `/v1/sandboxes/ID/…`. */
  override fetch(request: Request): Promise<Response> {
    return handleErrors(() => this.#serve(request));
  }

  /** Runs a prompt or a command inside, for `POST /execute`. */
  execute(request: ExecuteRequest): Promise<Response> {
    return handleErrors(async () => Response.json(await executeInside(this.#container, request)));
  }

  /** Ends a lease, keeps a container awake, or removes a stopped sandbox. */
  override async alarm(): Promise<void> {
    // The platform stops retrying a failing alarm; setting the next one first keeps it alive.
    if (this.#storage.record !== undefined) await this.ctx.storage.setAlarm(Date.now() + retryMs);
    await this.#runExclusive(async () => {
      const record = await this.#reconcile();
      if (record === undefined) return;
      if (record.state === "stopped") {
        if (Date.now() >= this.#storage.removeAt(record)) return this.#erase(record.id);
      } else if (Date.now() >= record.leaseEndsAt) {
        return this.#stop(record);
      } else {
        await this.#container.keepAwake(this.#settings.inactivityMs);
      }
      await this.#storage.setAlarm(record);
    });
  }

  async #serve(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const [, , , id = "", action, port = "", ...rest] = pathname.split("/");
    const route = action === undefined ? request.method : action === "ports" ? "ports" : `${request.method} ${action}`;
    switch (route) {
      case "GET":
        return this.#respond(this.info());
      case "DELETE":
        return this.#destroy(id);
      case "POST extend":
        return this.#extend(await readBody(request, leaseSchema));
      case "POST wake":
        return this.#wake(await readBody(request, leaseSchema));
      case "POST snapshot":
        return this.#snapshot();
      case "GET supervisor":
        return this.#container.connectWebSocket(request, this.#runningRecord().endpointToken);
      case "ports":
        this.#runningRecord();
        return this.#container.forwardToPort(port, `/${rest.join("/")}${search}`, request);
      default:
        throw new ApiError("not-found", `Not found: ${request.method} ${pathname}.`);
    }
  }

  async #create(options: CreateOptions): Promise<Response> {
    const existing = await this.#reconcile();
    if (existing !== undefined) return this.#respond(sandboxInfo(existing));
    const { source, image } = await this.#source(options.spec);
    const record = { ...newRecord(options, this.#settings), image };
    if (!(await sandboxRegistry(this.env).put(sandboxInfo(record), this.#settings.maxSandboxes))) {
      throw new ApiError("quota", `Limit of ${this.#settings.maxSandboxes} running sandboxes reached.`, {
        hint: "Destroy one, or raise maxSandboxes in the Worker's settings.",
      });
    }
    try {
      const started = await this.#start(record, source);
      return this.#respond(sandboxInfo(started), 201);
    } catch (error) {
      // If the cleanup fails, the alarm repeats it.
      await this.#erase(options.id).catch((failure) => console.error(failure));
      throw error;
    }
  }

  /** Returns what to start from, and the image to report. */
  async #source({ image, snapshot }: SandboxSpec): Promise<{ source: SandboxSource; image: string }> {
    if (snapshot === undefined) {
      return { source: { image: allowedImage(this.#settings, this.images(), image) }, image };
    }
    const record = await sandboxRegistry(this.env).snapshot(snapshot);
    if (record !== undefined) return { source: { snapshot }, image: record.image };
    throw new ApiError("template", `Snapshot ${snapshot} does not exist.`, {
      hint: "It was removed or is older than 30 days.",
    });
  }

  async #start(record: SandboxRecord, source: SandboxSource): Promise<SandboxRecord> {
    const startedAt = Date.now();
    await this.#storage.write({ ...record, state: "starting" });
    if (record.modelEgress) await this.#container.intercept(modelAddress, modelTarget(this.ctx));
    await this.#container.start(record, source, this.#removal.signal, () => this.#onContainerEnd());
    await this.#container.keepAwake(this.#settings.inactivityMs);
    // The lease starts when the sandbox is ready: pulling an image can take minutes.
    const leaseEndsAt = record.leaseEndsAt + Date.now() - startedAt;
    return this.#storage.write({ ...record, leaseEndsAt, state: "running" });
  }

  /** Stops the container and keeps its files, so that it can be woken. */
  async #stop(record: SandboxRecord): Promise<void> {
    const { snapshot: _previous, ...rest } = record;
    const result = await this.#container.snapshot(record.id).then(
      (snapshot) => ({ snapshot }),
      (error: unknown) => ({ stopReason: `Its files could not be kept: ${messageOf(error)}` }),
    );
    await this.#storage.write({ ...rest, ...result, ...stoppedNow(record) });
    await this.#container.destroy();
  }

  #extend({ ttlMs }: { ttlMs: number }): Promise<Response> {
    return this.#runExclusive(async () => {
      await this.#reconcile();
      const record = this.#runningRecord();
      const extended = await this.#storage.write({
        ...record,
        leaseEndsAt: Date.now() + allowedLease(this.#settings, ttlMs),
      });
      return this.#respond(sandboxInfo(extended));
    });
  }

  #wake({ ttlMs }: { ttlMs: number }): Promise<Response> {
    return this.#runExclusive(async () => {
      const record = await this.#reconcile();
      const leaseEndsAt = Date.now() + allowedLease(this.#settings, ttlMs);
      if (record === undefined) throw notFound();
      if (record.state === "running")
        return this.#respond(sandboxInfo(await this.#storage.write({ ...record, leaseEndsAt })));
      if (record.snapshot === undefined) {
        throw new ApiError("stopped", `The sandbox is stopped and cannot be woken. ${record.stopReason ?? ""}`.trim());
      }
      const { stoppedAt: _stoppedAt, stopReason: _stopReason, ...rest } = record;
      try {
        const woken = await this.#start({ ...rest, leaseEndsAt }, { snapshot: record.snapshot });
        return this.#respond(sandboxInfo(woken));
      } catch (error) {
        await this.#container.destroy();
        await this.#storage.write(record);
        throw error;
      }
    });
  }

  #snapshot(): Promise<Response> {
    return this.#runExclusive(async () => {
      await this.#reconcile();
      const { id, image } = this.#runningRecord();
      let snapshot: string;
      try {
        snapshot = await this.#container.snapshot(id);
      } catch (cause) {
        throw new ApiError("unavailable", `The snapshot failed: ${messageOf(cause)}`, { cause });
      }
      await sandboxRegistry(this.env).putSnapshot({ id: snapshot, image, createdAt: Date.now() });
      return Response.json({ snapshot });
    });
  }

  #destroy(id: string): Promise<Response> {
    // Cancel a start in progress instead of waiting for it.
    this.#removal.abort();
    return this.#runExclusive(async () => {
      await this.#erase(id);
      return new Response(null, { status: 204 });
    });
  }

  async #erase(id: string): Promise<void> {
    await this.#container.destroy();
    await this.#storage.erase(id);
    this.#removal = new AbortController();
  }

  /**
   * Reconciles the stored state with the container before each operation: records a container that ended unnoticed, and
   * finishes or rolls back what a previous instance of this object left incomplete.
   */
  async #reconcile(): Promise<SandboxRecord | undefined> {
    const record = this.#storage.record;
    if (record?.state === "running") return this.#container.running ? record : this.#recordEnd(record);
    await this.#container.destroy();
    if (record?.state !== "starting") return record;
    if (record.snapshot !== undefined) return this.#storage.write({ ...record, ...stoppedNow(record) });
    await this.#erase(record.id);
    return undefined;
  }

  /** Called when the container has ended for any reason. */
  #onContainerEnd(): void {
    const reconciled = this.#runExclusive(() => this.#reconcile());
    this.ctx.waitUntil(reconciled.catch((error) => console.error(error)));
  }

  #recordEnd(record: SandboxRecord): Promise<SandboxRecord> {
    const { snapshot: _previous, ...rest } = record;
    const stopReason = "Its first process exited before the lease ended; its files are lost.";
    return this.#storage.write({ ...rest, ...stoppedNow(record), stopReason });
  }

  #runningRecord(): SandboxRecord {
    const info = this.info();
    const record = this.#storage.record;
    if (info === undefined || record === undefined) throw notFound();
    if (info.state === "running") return record;
    throw new ApiError("stopped", info.state === "starting" ? "The sandbox is starting." : "The sandbox is stopped.");
  }

  #respond(sandbox: SandboxInfo | undefined, status = 200): Response {
    if (sandbox === undefined) throw notFound();
    return Response.json({ sandbox }, { status });
  }

  get #container(): SandboxContainer {
    return new SandboxContainer(this.ctx.container);
  }

  get #settings(): WorkerSettings {
    return readWorkerSettings(this.env);
  }
}

function stoppedNow({ leaseEndsAt }: SandboxRecord): Pick<SandboxRecord, "state" | "stoppedAt" | "leaseEndsAt"> {
  const stoppedAt = Date.now();
  return { state: "stopped", stoppedAt, leaseEndsAt: Math.min(leaseEndsAt, stoppedAt) };
}

function notFound(): ApiError {
  return new ApiError("not-found", "The sandbox does not exist.");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

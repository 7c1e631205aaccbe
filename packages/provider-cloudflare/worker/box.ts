import { DurableObject } from "cloudflare:workers";
import { allowedImage, allowedLease } from "./allowed.ts";
import { answer } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { BoxContainer, type BoxSource } from "./box-container.ts";
import { boxIndex } from "./box-index.ts";
import { type BoxInfo, type BoxRecord, boxInfo } from "./box-record.ts";
import { type BoxSpec, leaseSchema } from "./box-spec.ts";
import { BoxStorage } from "./box-storage.ts";
import { executeInside } from "./execute-inside.ts";
import type { ExecuteRequest } from "./execute-request.ts";
import { InTurn } from "./in-turn.ts";
import { modelAddress, modelTarget } from "./model-egress.ts";
import { type CreateOptions, newRecord } from "./new-record.ts";
import { readBody } from "./read-body.ts";
import type { WorkerEnv } from "./worker-env.ts";
import { readWorkerSettings, type WorkerSettings } from "./worker-settings.ts";

const retryMs = 60_000;

/** One sandbox: its container, its lease and what is known of it. The name of the object is the sandbox's id. */
export class Box extends DurableObject<WorkerEnv> {
  readonly #turn = new InTurn();
  readonly #storage: BoxStorage;
  #removal = new AbortController();

  constructor(ctx: DurableObjectState, env: WorkerEnv) {
    super(ctx, env);
    this.#storage = new BoxStorage(ctx.storage, env);
    if (ctx.container?.running !== true) return;
    // The container outlived an earlier life of this object.
    this.#container.watch(() => this.#noteEnd());
    ctx.waitUntil(this.#container.keepAwake(this.#settings.inactivityMs));
  }

  /** Makes the sandbox, or gives the one that the same key made before. */
  create(options: CreateOptions): Promise<Response> {
    return answer(() => this.#turn.run(() => this.#create(options)));
  }

  info(): BoxInfo | undefined {
    const record = this.#storage.record;
    if (record === undefined) return undefined;
    const gone = record.state === "running" && !this.#container.running;
    return boxInfo(gone ? { ...record, state: "stopped" } : record);
  }

  /** The references behind the names of the configuration's images. */
  images(): Readonly<Record<string, string>> {
    return { ...this.#container.images, ...this.#settings.images };
  }

  /** Serves `/v1/sandboxes/ID/…`. */
  override fetch(request: Request): Promise<Response> {
    return answer(() => this.#serve(request));
  }

  /** Runs a prompt or a command inside, for `POST /execute`. */
  execute(request: ExecuteRequest): Promise<Response> {
    return answer(async () => Response.json(await executeInside(this.#container, request)));
  }

  /** The end of a lease, or of the time that a sandbox which has stopped is kept. */
  override async alarm(): Promise<void> {
    // The platform tries an alarm that fails again, and gives up at last. This one does not.
    if (this.#storage.record !== undefined) await this.ctx.storage.setAlarm(Date.now() + retryMs);
    await this.#turn.run(async () => {
      const record = await this.#settle();
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
        return this.#answerInfo(this.info());
      case "DELETE":
        return this.#destroy(id);
      case "POST extend":
        return this.#extend(await readBody(request, leaseSchema));
      case "POST wake":
        return this.#wake(await readBody(request, leaseSchema));
      case "POST snapshot":
        return this.#snapshot();
      case "GET door":
        return this.#container.openDoor(request, this.#runningRecord().doorToken);
      case "ports":
        this.#runningRecord();
        return this.#container.openPort(port, `/${rest.join("/")}${search}`, request);
      default:
        throw new ApiError("not-found", `There is no ${request.method} ${pathname}.`);
    }
  }

  async #create(options: CreateOptions): Promise<Response> {
    const before = await this.#settle();
    if (before !== undefined) return this.#answerInfo(boxInfo(before));
    const { source, image } = await this.#source(options.spec);
    const record = { ...newRecord(options, this.#settings), image };
    if (!(await boxIndex(this.env).put(boxInfo(record), this.#settings.maxSandboxes))) {
      throw new ApiError("quota", `This Worker runs ${this.#settings.maxSandboxes} sandboxes at most.`, {
        hint: "Destroy one, or raise maxSandboxes in the Worker's settings.",
      });
    }
    try {
      const started = await this.#start(record, source);
      return this.#answerInfo(boxInfo(started), 201);
    } catch (error) {
      // What cannot be undone now is undone by the alarm.
      await this.#erase(options.id).catch((left) => console.error(left));
      throw error;
    }
  }

  /** What a container is made from, and the image as it is told. */
  async #source({ image, snapshot }: BoxSpec): Promise<{ source: BoxSource; image: string }> {
    if (snapshot === undefined) {
      return { source: { image: allowedImage(this.#settings, this.images(), image) }, image };
    }
    const known = await boxIndex(this.env).snapshot(snapshot);
    if (known !== undefined) return { source: { snapshot }, image: known.image };
    throw new ApiError("template", `There is no snapshot ${snapshot}.`, {
      hint: "It was removed, or it is older than 30 days.",
    });
  }

  async #start(record: BoxRecord, source: BoxSource): Promise<BoxRecord> {
    const begunAt = Date.now();
    await this.#storage.write({ ...record, state: "starting" });
    if (record.modelEgress) await this.#container.intercept(modelAddress, modelTarget(this.ctx));
    await this.#container.start(record, source, this.#removal.signal, () => this.#noteEnd());
    await this.#container.keepAwake(this.#settings.inactivityMs);
    // Its lease counts from when it serves: loading an image takes minutes at times.
    const leaseEndsAt = record.leaseEndsAt + Date.now() - begunAt;
    return this.#storage.write({ ...record, leaseEndsAt, state: "running" });
  }

  /** Ends the container and keeps its files, so that it can be woken. */
  async #stop(record: BoxRecord): Promise<void> {
    const { snapshot: _earlier, ...rest } = record;
    const kept = await this.#container.snapshot(record.id).then(
      (snapshot) => ({ snapshot }),
      (error: unknown) => ({ stopReason: `Its files could not be kept: ${words(error)}` }),
    );
    await this.#storage.write({ ...rest, ...kept, ...stoppedNow(record) });
    await this.#container.destroy();
  }

  #extend({ ttlMs }: { ttlMs: number }): Promise<Response> {
    return this.#turn.run(async () => {
      await this.#settle();
      const record = this.#runningRecord();
      const extended = await this.#storage.write({
        ...record,
        leaseEndsAt: Date.now() + allowedLease(this.#settings, ttlMs),
      });
      return this.#answerInfo(boxInfo(extended));
    });
  }

  #wake({ ttlMs }: { ttlMs: number }): Promise<Response> {
    return this.#turn.run(async () => {
      const record = await this.#settle();
      const leaseEndsAt = Date.now() + allowedLease(this.#settings, ttlMs);
      if (record === undefined) throw notFound();
      if (record.state === "running")
        return this.#answerInfo(boxInfo(await this.#storage.write({ ...record, leaseEndsAt })));
      if (record.snapshot === undefined) {
        throw new ApiError("stopped", `The sandbox has stopped and cannot be woken. ${record.stopReason ?? ""}`.trim());
      }
      const { stoppedAt: _stopped, stopReason: _reason, ...rest } = record;
      try {
        const woken = await this.#start({ ...rest, leaseEndsAt }, { snapshot: record.snapshot });
        return this.#answerInfo(boxInfo(woken));
      } catch (error) {
        await this.#container.destroy();
        await this.#storage.write(record);
        throw error;
      }
    });
  }

  #snapshot(): Promise<Response> {
    return this.#turn.run(async () => {
      await this.#settle();
      const { id, image } = this.#runningRecord();
      let snapshot: string;
      try {
        snapshot = await this.#container.snapshot(id);
      } catch (cause) {
        throw new ApiError("unavailable", `The snapshot failed: ${words(cause)}`, { cause });
      }
      await boxIndex(this.env).putSnapshot({ id: snapshot, image, createdAt: Date.now() });
      return Response.json({ snapshot });
    });
  }

  #destroy(id: string): Promise<Response> {
    // A start under way need not be waited for.
    this.#removal.abort();
    return this.#turn.run(async () => {
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
   * What is so when an operation begins: a container that has ended unseen is noted, and what an earlier life of this object did
   * not finish, a start or a stop, is undone or done.
   */
  async #settle(): Promise<BoxRecord | undefined> {
    const record = this.#storage.record;
    if (record?.state === "running") return this.#container.running ? record : this.#writeEnd(record);
    await this.#container.destroy();
    if (record?.state !== "starting") return record;
    if (record.snapshot !== undefined) return this.#storage.write({ ...record, ...stoppedNow(record) });
    await this.#erase(record.id);
    return undefined;
  }

  /** The container has ended: by itself, or because it was told to. */
  #noteEnd(): void {
    const noted = this.#turn.run(() => this.#settle());
    this.ctx.waitUntil(noted.catch((error) => console.error(error)));
  }

  #writeEnd(record: BoxRecord): Promise<BoxRecord> {
    const { snapshot: _earlier, ...rest } = record;
    const stopReason = "Its first process ended before its lease; its files are gone.";
    return this.#storage.write({ ...rest, ...stoppedNow(record), stopReason });
  }

  #runningRecord(): BoxRecord {
    const info = this.info();
    const record = this.#storage.record;
    if (info === undefined || record === undefined) throw notFound();
    if (info.state === "running") return record;
    throw new ApiError("stopped", info.state === "starting" ? "The sandbox is starting." : "The sandbox has stopped.");
  }

  #answerInfo(sandbox: BoxInfo | undefined, status = 200): Response {
    if (sandbox === undefined) throw notFound();
    return Response.json({ sandbox }, { status });
  }

  get #container(): BoxContainer {
    return new BoxContainer(this.ctx.container);
  }

  get #settings(): WorkerSettings {
    return readWorkerSettings(this.env);
  }
}

function stoppedNow({ leaseEndsAt }: BoxRecord): Pick<BoxRecord, "state" | "stoppedAt" | "leaseEndsAt"> {
  const stoppedAt = Date.now();
  return { state: "stopped", stoppedAt, leaseEndsAt: Math.min(leaseEndsAt, stoppedAt) };
}

function notFound(): ApiError {
  return new ApiError("not-found", "There is no such sandbox.");
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

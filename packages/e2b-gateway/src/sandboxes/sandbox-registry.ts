import { ownerLabel, runLabel, type SandboxInfo, type Template } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { GatewaySandbox } from "./gateway-sandbox.ts";
import { readSandboxId } from "./state/sandbox-id.ts";
import { type SandboxRecord, sandboxRecordSchema } from "./state/sandbox-record.ts";
import { WarmPool } from "./warm-pool.ts";

/** How long a client that has got a sandbox has the engine to itself, before the pool is filled up. */
const firstCommandMs = 250;

/** Every sandbox of a gateway that a client may know. */
export class SandboxRegistry {
  readonly #context: GatewayContext;
  readonly #sandboxes = new Map<string, GatewaySandbox>();
  readonly #pool: WarmPool;
  /** Creates that clients wait for. */
  #pendingCreates = 0;

  constructor(context: GatewayContext) {
    this.#context = context;
    this.#pool = new WarmPool({
      context,
      make: (record) => this.#make(record),
      isBusy: () => this.#pendingCreates > 0,
    });
  }

  /** Restores what an earlier gateway with the same directory has left, by its records and by what the provider lists. */
  async restore(): Promise<void> {
    const { provider, key, state, settings } = this.#context;
    const found = new Map<string, SandboxInfo>();
    for await (const info of provider.list({ labels: { [ownerLabel]: key.owner } })) {
      found.set(info.labels[runLabel] ?? "", info);
    }
    const records = await state.read("sandboxes", sandboxRecordSchema, (file, sandboxId) => {
      // It may hold a client's work all the same. It runs until its lease ends, and is found again once the file is repaired.
      found.delete(sandboxId);
      settings.logger.warn(
        { file },
        "A record of a sandbox cannot be read: the sandbox is left alone until the file is removed",
      );
    });
    for (const record of records) {
      const info = found.get(record.sandboxId);
      found.delete(record.sandboxId);
      if (info !== undefined && record.pooled) await provider.destroy(info.id);
      if (info === undefined || record.pooled) await state.remove("sandboxes", record.sandboxId);
      else this.#restore({ ...record, providerSandboxId: info.id });
    }
    // Nothing records what these were created for.
    await Promise.all([...found.values()].map(({ id }) => provider.destroy(id)));
    settings.logger.info({ sandboxes: this.#sandboxes.size }, "Restored the sandboxes of an earlier gateway");
  }

  #restore(record: SandboxRecord): void {
    const sandbox = this.#add(this.#make(record));
    this.#context.work.start(
      () => sandbox.restore(),
      (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#context.settings.logger.warn({ sandboxId: record.sandboxId, reason }, "A sandbox cannot be reached yet");
      },
    );
  }

  /** Creates a sandbox. It is registered, and counted, before anything is awaited, so that parallel calls cannot exceed the limit. */
  async create(record: SandboxRecord, template: Template, signal?: AbortSignal): Promise<GatewaySandbox> {
    this.assertRoom(1);
    this.#pendingCreates += 1;
    try {
      const pooled = this.#pool.take(record, template);
      if (pooled !== undefined && (await this.#checkout(pooled, record))) return pooled;
      const sandbox = this.#add(this.#make(record));
      await sandbox.create(template, signal);
      return sandbox;
    } finally {
      this.#pendingCreates -= 1;
      this.#pool.fill(firstCommandMs);
    }
  }

  /** Keeps `warmPoolSize` sandboxes like this record ready from here on. */
  keepWarm(record: SandboxRecord, template: Template): void {
    this.#pool.keep(record, template);
  }

  /** Resolves to false for a sandbox that failed: the client gets a new one. */
  async #checkout(pooled: GatewaySandbox, record: SandboxRecord): Promise<boolean> {
    this.#add(pooled);
    try {
      await pooled.checkout(record);
      return true;
    } catch {
      // Its alarm retries what fails.
      this.#context.work.start(
        () => pooled.kill(),
        () => {},
      );
      return false;
    }
  }

  /** Throws 429 where this number of sandboxes more may not run. */
  assertRoom(more: number): void {
    const { maxSandboxes } = this.#context.settings.limits;
    const running = this.all().filter(({ isRunning }) => isRunning).length;
    if (running + more <= maxSandboxes) return;
    throw new ApiError(429, `you have reached the maximum number of concurrent E2B sandboxes (${maxSandboxes})`);
  }

  #add(sandbox: GatewaySandbox): GatewaySandbox {
    this.#sandboxes.set(sandbox.id, sandbox);
    return sandbox;
  }

  #make(record: SandboxRecord): GatewaySandbox {
    return new GatewaySandbox(this.#context, record, (gone) => {
      this.#sandboxes.delete(gone.id);
      this.#pool.forget(gone);
    });
  }

  find(givenId: string): GatewaySandbox | undefined {
    const id = readSandboxId(givenId);
    return id === undefined ? undefined : this.#sandboxes.get(id);
  }

  all(): readonly GatewaySandbox[] {
    return [...this.#sandboxes.values()];
  }

  async close(sandboxes: "leave" | "kill"): Promise<void> {
    const poolClosed = this.#pool.close();
    const all = this.all();
    const done = await Promise.allSettled(all.map((one) => (sandboxes === "kill" ? one.kill() : one.close())));
    await poolClosed;
    for (const outcome of done) if (outcome.status === "rejected") throw outcome.reason;
  }
}

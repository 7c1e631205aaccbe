import { ownerLabel, runLabel, type SandboxInfo, type Template } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { GatewaySandbox } from "./gateway-sandbox.ts";
import { readSandboxId } from "./sandbox-id.ts";
import { type SandboxRecord, sandboxRecordSchema } from "./sandbox-record.ts";
import { SpareSandboxes } from "./spare-sandboxes.ts";

/** Every sandbox of a gateway that a client may know of. */
export class SandboxRegistry {
  readonly #context: GatewayContext;
  readonly #sandboxes = new Map<string, GatewaySandbox>();
  readonly #spares: SpareSandboxes;
  /** Creates that clients wait for. */
  #underWay = 0;

  constructor(context: GatewayContext) {
    this.#context = context;
    this.#spares = new SpareSandboxes({
      context,
      make: (record) => this.#make(record),
      isBusy: () => this.#underWay > 0,
    });
  }

  /** Takes up what an earlier gateway with the same folder has left: by its records, and by what the provider has. */
  async restore(): Promise<void> {
    const { provider, key, state, settings } = this.#context;
    const found = new Map<string, SandboxInfo>();
    for await (const info of provider.list({ labels: { [ownerLabel]: key.owner } })) {
      found.set(info.labels[runLabel] ?? "", info);
    }
    const records = await state.read("sandboxes", sandboxRecordSchema, (file) =>
      settings.logger.warn({ file }, "A record of a sandbox cannot be read"),
    );
    for (const record of records) {
      const info = found.get(record.sandboxId);
      found.delete(record.sandboxId);
      if (info !== undefined && record.spare) await provider.destroy(info.id);
      if (info === undefined || record.spare) await state.remove("sandboxes", record.sandboxId);
      else this.#takeUp({ ...record, providerSandboxId: info.id });
    }
    // Of these nobody knows any more what they were made for.
    await Promise.all([...found.values()].map(({ id }) => provider.destroy(id)));
    settings.logger.info({ sandboxes: this.#sandboxes.size }, "The sandboxes of an earlier gateway are taken up");
  }

  #takeUp(record: SandboxRecord): void {
    const sandbox = this.#add(this.#make(record));
    sandbox.restore().catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#context.settings.logger.warn({ sandboxId: record.sandboxId, reason }, "A sandbox cannot be reached yet");
    });
  }

  /** Makes a sandbox. It is known, and counted, before anything is waited for: many at once do not pass the limit together. */
  async create(record: SandboxRecord, template: Template, signal?: AbortSignal): Promise<GatewaySandbox> {
    this.assertRoom(1);
    this.#underWay += 1;
    try {
      const spare = this.#spares.take(record, template);
      if (spare !== undefined && (await this.#claim(spare, record))) return spare;
      const sandbox = this.#add(this.#make(record));
      await sandbox.create(template, signal);
      return sandbox;
    } finally {
      this.#underWay -= 1;
      this.#spares.fill();
    }
  }

  /** Sandboxes as this record says are ready from here on, as many as the settings want. */
  keepSpares(record: SandboxRecord, template: Template): void {
    this.#spares.keep(record, template);
  }

  /** Resolves to false for one that was not in order: the client gets one that is made for it. */
  async #claim(spare: GatewaySandbox, record: SandboxRecord): Promise<boolean> {
    this.#add(spare);
    try {
      await spare.claim(record);
      return true;
    } catch {
      spare.kill().catch(() => {});
      return false;
    }
  }

  /** Throws 429 where so many more may not run. */
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
      this.#spares.forget(gone);
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
    const spares = this.#spares.close();
    const all = this.all();
    const done = await Promise.allSettled(all.map((one) => (sandboxes === "kill" ? one.kill() : one.close())));
    await spares;
    for (const outcome of done) if (outcome.status === "rejected") throw outcome.reason;
  }
}

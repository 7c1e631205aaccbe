import { ownerLabel, runLabel, type SandboxInfo, type Template } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { GatewaySandbox } from "./gateway-sandbox.ts";
import { readSandboxId } from "./sandbox-id.ts";
import { type SandboxRecord, sandboxRecordSchema } from "./sandbox-record.ts";

/** Every sandbox of a gateway that a client may know of. */
export class SandboxRegistry {
  readonly #context: GatewayContext;
  readonly #sandboxes = new Map<string, GatewaySandbox>();

  constructor(context: GatewayContext) {
    this.#context = context;
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
      if (info === undefined) await state.remove("sandboxes", record.sandboxId);
      else this.#takeUp({ ...record, providerSandboxId: info.id });
    }
    // Of these nobody knows any more what they were made for.
    await Promise.all([...found.values()].map(({ id }) => provider.destroy(id)));
    settings.logger.info({ sandboxes: this.#sandboxes.size }, "The sandboxes of an earlier gateway are taken up");
  }

  #takeUp(record: SandboxRecord): void {
    const sandbox = this.#add(record);
    sandbox.restore().catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#context.settings.logger.warn({ sandboxId: record.sandboxId, reason }, "A sandbox cannot be reached yet");
    });
  }

  /** Makes a sandbox. Counted from here on, so that many at once do not pass the limit together. */
  async create(record: SandboxRecord, template: Template, signal?: AbortSignal): Promise<GatewaySandbox> {
    this.assertRoom(1);
    const sandbox = this.#add(record);
    await sandbox.create(template, signal);
    return sandbox;
  }

  /** Throws 429 where so many more may not run. */
  assertRoom(more: number): void {
    const { maxSandboxes } = this.#context.settings.limits;
    const running = this.all().filter(({ isRunning }) => isRunning).length;
    if (running + more <= maxSandboxes) return;
    throw new ApiError(429, `you have reached the maximum number of concurrent E2B sandboxes (${maxSandboxes})`);
  }

  #add(record: SandboxRecord): GatewaySandbox {
    const sandbox = new GatewaySandbox(this.#context, record, (gone) => this.#sandboxes.delete(gone.id));
    this.#sandboxes.set(sandbox.id, sandbox);
    return sandbox;
  }

  find(givenId: string): GatewaySandbox | undefined {
    const id = readSandboxId(givenId);
    return id === undefined ? undefined : this.#sandboxes.get(id);
  }

  all(): readonly GatewaySandbox[] {
    return [...this.#sandboxes.values()];
  }

  async close(sandboxes: "leave" | "kill"): Promise<void> {
    const all = this.all();
    const done = await Promise.allSettled(all.map((one) => (sandboxes === "kill" ? one.kill() : one.close())));
    for (const outcome of done) if (outcome.status === "rejected") throw outcome.reason;
  }
}

import { sandboxRegistry } from "../registry/sandbox-registry.ts";
import type { WorkerEnv } from "../settings/worker-env.ts";
import { readWorkerSettings } from "../settings/worker-settings.ts";
import { type SandboxRecord, sandboxInfo } from "./sandbox-record.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Stores one sandbox: its record, its registry entry and its alarm. */
export class SandboxStorage {
  readonly #storage: DurableObjectStorage;
  readonly #env: WorkerEnv;

  constructor(storage: DurableObjectStorage, env: WorkerEnv) {
    this.#storage = storage;
    this.#env = env;
  }

  /** `undefined` if the sandbox does not exist. */
  get record(): SandboxRecord | undefined {
    return this.#storage.kv.get<SandboxRecord>("record");
  }

  async write(record: SandboxRecord): Promise<SandboxRecord> {
    this.#storage.kv.put("record", record);
    await this.setAlarm(record);
    await sandboxRegistry(this.#env).put(sandboxInfo(record));
    return record;
  }

  /** Sets the alarm to the end of the lease, earlier to keep the container awake, or to the removal of a stopped sandbox. */
  async setAlarm(record: SandboxRecord): Promise<void> {
    const wakeAt = Date.now() + readWorkerSettings(this.#env).inactivityMs * 0.4;
    const at = record.state === "stopped" ? this.removeAt(record) : Math.min(record.leaseEndsAt, wakeAt);
    await this.#storage.setAlarm(at);
  }

  async erase(id: string): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
    await sandboxRegistry(this.#env).remove(id);
  }

  /** When a stopped sandbox is removed. */
  removeAt({ stoppedAt = 0 }: SandboxRecord): number {
    return stoppedAt + readWorkerSettings(this.#env).retentionDays * dayMs;
  }
}

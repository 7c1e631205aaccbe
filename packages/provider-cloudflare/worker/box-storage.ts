import { boxIndex } from "./box-index.ts";
import { type BoxRecord, boxInfo } from "./box-record.ts";
import type { WorkerEnv } from "./worker-env.ts";
import { readWorkerSettings } from "./worker-settings.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** What is kept of one sandbox: its record, its line in the index, and the alarm that the record asks for. */
export class BoxStorage {
  readonly #storage: DurableObjectStorage;
  readonly #env: WorkerEnv;

  constructor(storage: DurableObjectStorage, env: WorkerEnv) {
    this.#storage = storage;
    this.#env = env;
  }

  /** `undefined` where there is no sandbox. */
  get record(): BoxRecord | undefined {
    return this.#storage.kv.get<BoxRecord>("record");
  }

  async write(record: BoxRecord): Promise<BoxRecord> {
    this.#storage.kv.put("record", record);
    await this.setAlarm(record);
    await boxIndex(this.#env).put(boxInfo(record));
    return record;
  }

  /** At its lease's end, or sooner to keep its container awake; once it has stopped, when it is to be removed. */
  async setAlarm(record: BoxRecord): Promise<void> {
    const wakeAt = Date.now() + readWorkerSettings(this.#env).inactivityMs * 0.4;
    const at = record.state === "stopped" ? this.removeAt(record) : Math.min(record.leaseEndsAt, wakeAt);
    await this.#storage.setAlarm(at);
  }

  async erase(id: string): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
    await boxIndex(this.#env).remove(id);
  }

  /** When one that has stopped is to be removed. */
  removeAt({ stoppedAt = 0 }: BoxRecord): number {
    return stoppedAt + readWorkerSettings(this.#env).retentionDays * dayMs;
  }
}

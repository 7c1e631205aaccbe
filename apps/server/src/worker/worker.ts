import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { createOnceSync, DirectoryLock } from "@glovebox/core/state";
import type { Claimant } from "@glovebox/store";
import { answerCommand } from "./answer-command.ts";
import { CarriedRun } from "./carried-run.ts";
import { Pump } from "./pump.ts";
import { removeStale } from "./remove-stale.ts";
import type { WorkerOptions } from "./worker-options.ts";

const defaultLeaseMs = 60_000;
const heartbeatsPerLease = 4;
const maintenanceMs = 60 * 60_000;

/** Carries runs: takes them from the queue, as many as it may at a time, and recovers those whose worker is gone. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #leaseMs: number;
  readonly #lock: DirectoryLock;
  readonly #claimant: Claimant;
  readonly #carried = new Map<string, CarriedRun>();
  readonly #stopListening: (() => void)[] = [];
  readonly #claims: Pump;
  readonly #commands: Pump;
  /** Everything that it does again and again. */
  readonly #pumps: readonly Pump[];
  #isDraining = false;

  private constructor(options: WorkerOptions, id: string, lock: DirectoryLock) {
    this.#options = options;
    this.#lock = lock;
    this.#leaseMs = options.leaseMs ?? defaultLeaseMs;
    this.#claimant = { workerId: id, providers: [...options.providers.keys()], leaseMs: this.#leaseMs };
    const everyMs = this.#leaseMs / heartbeatsPerLease;
    const onError = (error: Error) => options.logger.warn({ reason: error.message }, "The database cannot be used");
    this.#claims = new Pump(() => this.#claim(), { everyMs, onError });
    this.#commands = new Pump(() => this.#obey(), { everyMs, onError });
    this.#pumps = [
      this.#claims,
      this.#commands,
      new Pump(() => this.#beat(), { everyMs, onError }),
      new Pump(() => this.#maintain(), { everyMs: maintenanceMs, onError }),
    ];
  }

  /**
   * Starts a worker. It takes up what a worker of the same directory left. Throws `invalid-options` while another one uses the directory.
   */
  static async start(options: WorkerOptions): Promise<Worker> {
    await makeHostDirectory(options.directory, 0o700);
    const lock = DirectoryLock.tryAcquire(join(options.directory, "worker"));
    if (lock === undefined) {
      throw new InvalidOptionsError(`Another worker uses ${options.directory}`, {
        hint: "Stop it, or give this one a state directory of its own.",
      });
    }
    try {
      const worker = new Worker(options, await idOf(options.directory), lock);
      await worker.#start();
      return worker;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get id(): string {
    return this.#claimant.workerId;
  }

  /** The ids of the runs that it carries. */
  get runs(): readonly string[] {
    return [...this.#carried.keys()];
  }

  /**
   * Takes no new runs, and resolves once none is left and the worker has signed off. Runs that have not started go back to the queue;
   * the others finish, and are cancelled once `graceMs` are over. Aborting the signal destroys them at once.
   */
  async drain(signal: AbortSignal, graceMs = 0): Promise<void> {
    this.#isDraining = true;
    for (const run of this.#carried.values()) run.release();
    const cancel = setTimeout(() => this.#stopAll(false), graceMs);
    const destroy = (): void => this.#stopAll(true);
    if (signal.aborted) destroy();
    signal.addEventListener("abort", destroy, { once: true });
    while (this.#carried.size > 0) await Promise.all([...this.#carried.values()].map(({ done }) => done));
    clearTimeout(cancel);
    signal.removeEventListener("abort", destroy);
    for (const stop of this.#stopListening) stop();
    await Promise.all(this.#pumps.map((pump) => pump.stop()));
    await this.#options.store.workers.remove(this.id).catch(() => {
      // The database is away: the others see that this one is not heard of.
    });
    this.#lock.release();
  }

  async #start(): Promise<void> {
    const { store, capacity } = this.#options;
    const { providers } = this.#claimant;
    await store.workers.register({ id: this.id, host: hostname(), providers, capacity });
    for (const run of await store.queue.claimLost(this.#claimant, { own: true }))
      this.#carry(new CarriedRun(run, this.#options));
    this.#stopListening.push(
      store.queue.onChange(() => this.#claims.wake()),
      store.commands.onCommand((runId) => {
        if (runId === undefined || this.#carried.has(runId)) this.#commands.wake();
      }),
    );
    for (const pump of this.#pumps) pump.start();
  }

  #carry(carried: CarriedRun): void {
    const { id, hasBegun, epoch } = carried.run;
    this.#carried.set(id, carried);
    this.#options.logger.info({ runId: id, epoch }, hasBegun ? "Run recovering" : "Run started");
    void carried.done.then(() => {
      this.#carried.delete(id);
      this.#options.logger.info({ runId: id, epoch }, "Run left the worker");
      this.#claims.wake();
    });
  }

  async #beat(): Promise<void> {
    // Those that are claimed meanwhile are not meant.
    const carriedNow = [...this.#carried.values()];
    const ids = carriedNow.map(({ run }) => run.id);
    const own = await this.#options.store.queue.heartbeat(this.#claimant, ids);
    for (const carried of carriedNow) if (own.get(carried.run.id) !== carried.run.epoch) carried.supersede();
  }

  async #maintain(): Promise<void> {
    const { store, keepRunsMs, logger, home, directory } = this.#options;
    await removeStale({ runs: join(directory, "runs"), journals: join(home, "runs"), carried: this.runs });
    const report = await store.maintenance.run(keepRunsMs === undefined ? {} : { keepRunsMs });
    if (report.runs + report.blobs > 0) logger.info(report, "Deleted what had expired");
  }

  async #claim(): Promise<void> {
    if (this.#isDraining) return;
    const { queue } = this.#options.store;
    for (const run of await queue.claimLost(this.#claimant)) this.#carry(new CarriedRun(run, this.#options));
    const room = this.#options.capacity - this.#carried.size;
    for (const run of await queue.claim(this.#claimant, room)) this.#carry(new CarriedRun(run, this.#options));
  }

  async #obey(): Promise<void> {
    const { store, home, providers } = this.#options;
    const pending = await store.commands.pending(this.runs);
    await Promise.all(
      pending.map(async ({ id, runId, command }) => {
        const carried = this.#carried.get(runId);
        const provider = carried && providers.get(carried.run.provider);
        const stop = (force: boolean): void => carried?.stop(force);
        await store.commands.answer(id, await answerCommand({ runId, home, provider, stop }, command));
      }),
    );
  }

  #stopAll(force: boolean): void {
    for (const run of this.#carried.values()) run.stop(force);
  }
}

/** The same for every worker of a directory: it recovers its own runs at once. */
async function idOf(directory: string): Promise<string> {
  const file = join(directory, "worker-id");
  createOnceSync(file, `${randomUUID()}\n`);
  const id = (await readHostText(file))?.trim() ?? "";
  if (/^[0-9a-f-]{36}$/.test(id)) return id;
  throw new SandboxError("invalid-options", `${file} does not hold a worker's id`, { hint: "Remove it." });
}

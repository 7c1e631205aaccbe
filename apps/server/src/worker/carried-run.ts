import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Cleanup, type Run as CoreRun, createRunStore, run as startRun } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxError, type SandboxProvider } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";
import type { JsonObject, Run } from "@glovebox/store";
import { beforeCreate } from "./before-create.ts";
import { importEarlierRun } from "./continue-run.ts";
import { endRun } from "./end-run.ts";
import { EventCopier } from "./event-copier.ts";
import { finishRun } from "./finish-run.ts";
import { persist } from "./persist.ts";
import { planRun, readRequest } from "./plan-run.ts";
import { rebuildJournal } from "./rebuild-journal.ts";
import { recoverRun } from "./recover-run.ts";
import type { WorkerOptions } from "./worker-options.ts";
import { openWorkspace } from "./workspace/open-workspace.ts";

/** A run that this worker carries, from its claim to its stored end. */
export class CarriedRun {
  readonly run: Run;
  /** Resolves when the run is this worker's no more, whatever came of it. Never rejects. */
  readonly done: Promise<void>;
  readonly #options: WorkerOptions;
  /** Aborted when another worker has the run. */
  readonly #superseded = new AbortController();
  /** Aborted when the run is to stop before it has started. */
  readonly #stopped = new AbortController();
  #isReleased = false;
  #core: CoreRun | undefined;

  constructor(run: Run, options: WorkerOptions) {
    this.run = run;
    this.#options = options;
    this.done = (run.hasBegun ? this.#recover() : this.#carry()).catch((error: Error) => {
      if (!this.#superseded.signal.aborted) options.logger.error({ runId: run.id, reason: error.message }, "Run left");
    });
  }

  /** Ends the run and collects its files; with `force` its sandbox is destroyed at once. */
  stop(force = false): void {
    this.#stopped.abort();
    if (force) this.#core?.abort();
    else this.#core?.cancel();
  }

  /** Gives a run that has not started back to the queue. One that has started continues. */
  release(): void {
    if (this.#core !== undefined) return;
    this.#isReleased = true;
    this.#stopped.abort();
  }

  /** Another worker has the run: this one writes and destroys nothing any more. */
  supersede(): void {
    if (this.#superseded.signal.aborted) return;
    DirectoryLock.supersede(this.#journal);
    this.#superseded.abort();
    this.#stopped.abort();
    this.#core?.abort();
  }

  get #journal(): string {
    return join(this.#options.home, "runs", this.run.id);
  }

  get #directory(): string {
    return join(this.#options.directory, "runs", this.run.id);
  }

  async #carry(): Promise<void> {
    // What an earlier attempt left, which came to nothing.
    await this.#cleanUp([this.#directory, this.#journal]);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    let imported: string | undefined;
    let isLeft = false;
    try {
      const { id, provider: name, harness: harnessName } = this.run;
      const [provider, harness] = [this.#provider(name), this.#harness(harnessName)];
      const workspace = await this.#openWorkspace();
      imported = await this.#importEarlier({ provider, harness, workspace });
      const place = {
        provider: this.#begun(provider),
        harness,
        workspace,
        outputDirectory: join(this.#directory, "output"),
      };
      const spec = await planRun(this.run, { ...place, continues: imported }, this.#options);
      this.#stopped.signal.throwIfAborted();
      this.#core = startRun(spec, { runId: id });
      isLeft = await this.#follow(this.#core, harness);
    } catch (error) {
      await this.#fail(error);
    } finally {
      const earlier = imported === undefined ? [] : [join(this.#options.home, "runs", imported)];
      // The journal of a run whose sandbox is left is what `glovebox reap` goes by.
      await this.#cleanUp([this.#directory, ...earlier, ...(isLeft ? [] : [this.#journal])]);
    }
  }

  /** Brings back what a run's worker left when it ended. */
  async #recover(): Promise<void> {
    const { run } = this;
    const { home, store } = this.#options;
    const outputDirectory = join(this.#directory, "output");
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    let isLeft = true;
    try {
      await rebuildJournal(run, { store, home, outputDirectory });
      const [provider, harness] = [this.#provider(run.provider), this.#harness(run.harness)];
      const result = await recoverRun(run, { home, provider, signal: this.#superseded.signal });
      const copier = new EventCopier(store, run, this.#superseded.signal);
      const last = await copier.copy(createRunStore(home).events(run.id), run.lastEventSeq - run.eventOffset);
      await finishRun(run, { harness, result, last, signal: this.#superseded.signal }, this.#options);
      isLeft = result.cleanup.state !== "clean";
    } catch (error) {
      await this.#fail(error);
    } finally {
      await this.#cleanUp([this.#directory, ...(isLeft ? [] : [this.#journal])]);
    }
  }

  /** Copies the run's events until it has ended, and stores what it came to. Resolves to whether its sandbox is left. */
  async #follow(core: CoreRun, harness: Harness): Promise<boolean> {
    const { signal } = this.#superseded;
    const copier = new EventCopier(this.#options.store, this.run, signal);
    const [last, result] = await Promise.all([copier.copy(core), core.result]);
    if (signal.aborted) return true;
    await finishRun(this.run, { harness, result, last, signal }, this.#options);
    return result.cleanup.state !== "clean";
  }

  /** The run never started, or nobody knows how it ended: that is its end. */
  async #fail(error: unknown): Promise<void> {
    const { run } = this;
    const { signal } = this.#superseded;
    const { store, logger } = this.#options;
    if (signal.aborted) return;
    if (this.#isReleased) {
      await persist(() => store.queue.release(run.id, run.epoch), signal);
      return;
    }
    const isStopped = this.#stopped.signal.aborted;
    const reason = isStopped ? "Cancelled before it started" : (error as Error).message;
    if (!isStopped) logger.warn({ runId: run.id, reason }, "Run failed");
    const end = isStopped
      ? { outcome: "cancelled" as const, reason, exitCode: 130 }
      : { outcome: "failed" as const, reason, exitCode: exitCodeOf(error), ...leftOf(run) };
    await endRun(run, { end, signal }, this.#options);
  }

  /** Before a sandbox is created, the store has to know that there may be one: the run is not started again from then on. */
  #begun(provider: SandboxProvider): SandboxProvider {
    return beforeCreate(provider, async () => {
      const record = JSON.parse((await readHostText(join(this.#journal, "run.json"))) ?? "{}") as JsonObject;
      await persist(
        () => this.#options.store.queue.begin(this.run.id, this.run.epoch, record),
        this.#superseded.signal,
      );
    });
  }

  async #openWorkspace(): Promise<string | undefined> {
    const { store, clone } = this.#options;
    const { workspace } = readRequest(this.run);
    const place = {
      store,
      directory: this.#directory,
      rules: clone ?? { privateHosts: [], sshHosts: [] },
      signal: this.#stopped.signal,
    };
    return await openWorkspace(workspace, place);
  }

  async #importEarlier(place: Earlier): Promise<string | undefined> {
    const earlier = this.run.forkOf ?? this.run.continues;
    if (earlier === undefined) return undefined;
    const { store, home } = this.#options;
    const { harness, workspace, provider } = place;
    const options = { store, home, directory: this.#directory, harness, workspace, providerId: provider.id };
    return await importEarlierRun(earlier, options);
  }

  #provider(name: string): SandboxProvider {
    const provider = this.#options.providers.get(name);
    if (provider === undefined) throw new InvalidOptionsError(`This worker has no provider ${name}`);
    return provider;
  }

  #harness(name: string): Harness {
    const harness = this.#options.harnesses.get(name);
    if (harness === undefined) throw new InvalidOptionsError(`This worker has no harness ${name}`);
    return harness;
  }

  /** What another worker's attempt may still need, if that fails too, stays for a while. */
  async #cleanUp(directories: readonly string[]): Promise<void> {
    if (this.#superseded.signal.aborted) return;
    await Promise.all(directories.map((one) => rm(one, { recursive: true, force: true })));
  }
}

interface Earlier {
  readonly provider: SandboxProvider;
  readonly harness: Harness;
  readonly workspace: string | undefined;
}

/** Nobody knows what became of the sandbox of a run that had begun. */
function leftOf({ hasBegun, provider, sandboxId }: Run): { readonly cleanup?: Cleanup } {
  if (!hasBegun) return {};
  const reason = "its worker ended, and the run could not be recovered";
  return { cleanup: { state: "left", providerId: provider, reason, ...(sandboxId !== undefined && { sandboxId }) } };
}

/** As core has it for runs that fail before their sandbox. */
function exitCodeOf(error: unknown): number {
  const code = SandboxError.isInstance(error) ? error.code : "internal";
  if (code === "invalid-options") return 2;
  return code === "authentication" ? 3 : 4;
}

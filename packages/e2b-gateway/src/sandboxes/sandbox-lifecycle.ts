import { SandboxError, type Template } from "@glovebox/core/provider";
import { ApiError, sandboxNotFound } from "../api-error.ts";
import { Alarm } from "./alarm.ts";
import { EnvdClient } from "./envd/envd-client.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { leaseMarginMs } from "./link/lease-margin.ts";
import { createLink, reopenLink } from "./link/open-link.ts";
import type { SandboxLink } from "./link/sandbox-link.ts";
import { stopSandbox } from "./link/stop-sandbox.ts";
import type { SandboxRecord } from "./state/sandbox-record.ts";

/** The delay before a failed end is retried: the provider may be unavailable for a while. */
const retryMs = 5_000;

export interface SandboxLifecycleOptions {
  readonly context: GatewayContext;
  readonly record: SandboxRecord;
  /** Runs an operation when no other one of this sandbox is running. */
  readonly runExclusive: <T>(operation: () => Promise<T>) => Promise<T>;
  /** Called once, when no request may find the sandbox anymore. */
  readonly onGone: () => void;
}

/** The record, the link and the time-out of one sandbox. Its methods must not overlap: `GatewaySandbox` runs them one at a time. */
export class SandboxLifecycle {
  readonly #context: GatewayContext;
  readonly #runExclusive: SandboxLifecycleOptions["runExclusive"];
  readonly #onGone: () => void;
  #record: SandboxRecord;
  #link: SandboxLink | undefined;
  /** Set to its time-out; after a failed end, to the retry. */
  readonly #alarm = new Alarm(() => this.#onAlarm());
  #isGone = false;

  constructor({ context, record, runExclusive, onGone }: SandboxLifecycleOptions) {
    this.#context = context;
    this.#record = record;
    this.#runExclusive = runExclusive;
    this.#onGone = onGone;
  }

  get record(): SandboxRecord {
    return this.#record;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get isRunning(): boolean {
    return !this.#isGone && this.#record.state === "running";
  }

  /** The open link, if there is one. Opens none. */
  get currentLink(): SandboxLink | undefined {
    return this.isRunning && this.#link?.isOpen ? this.#link : undefined;
  }

  /** What a request to envd must carry; `undefined` where it carries nothing. */
  get envdToken(): string | undefined {
    return this.#record.secure ? this.#context.key.envdToken(this.#record.sandboxId) : undefined;
  }

  get envd(): EnvdClient {
    if (this.currentLink === undefined) throw this.#notFound();
    return new EnvdClient(this.currentLink, this.envdToken);
  }

  /** Creates the sandbox of the record. Where that fails it rejects, and nothing is left. */
  async create(template: Template, signal?: AbortSignal): Promise<void> {
    try {
      // Recorded before it exists: after a crash the next gateway finds out whose it is.
      const persisted = this.#persist();
      persisted.catch(() => {});
      this.#attach(await createLink(this.#context, this.#record, template, signal));
      await persisted;
      await this.update({ providerSandboxId: this.#link?.sandbox.id });
      this.setAlarm();
    } catch (error) {
      await this.destroy();
      throw error;
    }
  }

  assertExists(): void {
    if (this.#isGone) throw this.#notFound();
  }

  /** The link of a running sandbox, reconnected where it broke. Rejects with 404 where it does not run. */
  async runningLink(): Promise<SandboxLink> {
    this.assertExists();
    if (this.isRunning && this.currentLink === undefined) await this.reconnect();
    if (this.currentLink !== undefined) return this.currentLink;
    throw this.#notFound();
  }

  /** Sets its end to this long from now. */
  async endIn(timeoutMs: number): Promise<void> {
    const { sandbox } = await this.runningLink();
    await sandbox.extend(timeoutMs + leaseMarginMs);
    await this.update({ endAt: new Date(Date.now() + timeoutMs).toISOString() });
    this.setAlarm();
  }

  async pause(keepMemory: boolean): Promise<void> {
    const { capabilities } = this.#context.provider;
    if (keepMemory && !capabilities.pause) throw this.unsupported("cannot pause a sandbox with its memory");
    if (!keepMemory && !capabilities.wake) throw this.unsupported("cannot keep a sandbox's files without its memory");
    const link = await this.runningLink();
    if (keepMemory) await link.sandbox.pause();
    else await stopSandbox(link.sandbox);
    this.#link = undefined;
    await link.close();
    await this.update({ state: "paused", memoryKept: keepMemory, endAt: new Date().toISOString() });
    this.#alarm.clear();
  }

  async resume(timeoutMs: number, reboot: boolean): Promise<void> {
    const leaseMs = timeoutMs + leaseMarginMs;
    if (reboot && this.#record.memoryKept) {
      const woken = await this.#reopen(leaseMs);
      await stopSandbox(woken.sandbox);
      await woken.close();
    }
    this.#attach(await this.#reopen(leaseMs));
    await this.update({ state: "running", endAt: new Date(Date.now() + timeoutMs).toISOString() });
    this.setAlarm();
  }

  /** Reopens the link of a sandbox that should run. One that has stopped by itself becomes paused or gone, by its settings. */
  async reconnect(): Promise<void> {
    const previous = this.#link;
    this.#link = undefined;
    try {
      const link = await this.#reopen();
      this.#attach(link);
    } catch (error) {
      if (!SandboxError.isInstance(error) || (error.code !== "stopped" && error.code !== "not-found")) throw error;
      if (error.code === "stopped" && this.#record.autoPause) {
        await this.update({ state: "paused", memoryKept: false, endAt: new Date().toISOString() });
        this.#alarm.clear();
      } else {
        await this.destroy();
      }
    } finally {
      await previous?.close();
    }
  }

  async closeLink(): Promise<void> {
    await this.#link?.close();
    this.#link = undefined;
  }

  /** From here on no request finds it. */
  leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#alarm.clear();
    this.#onGone();
  }

  async destroy(): Promise<void> {
    this.leave();
    const link = this.#link;
    this.#link = undefined;
    const id = this.#record.providerSandboxId ?? link?.sandbox.id;
    try {
      await Promise.all([link?.close(), id && this.#context.provider.destroy(id)]);
      await this.#context.state.remove("sandboxes", this.#record.sandboxId);
    } catch (error) {
      // Its record stays until it is gone for certain.
      this.#alarm.set(Date.now() + retryMs);
      throw error;
    }
  }

  async update(changes: Partial<SandboxRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    await this.#persist();
  }

  /** Sets the alarm to its time-out. */
  setAlarm(): void {
    if (this.isRunning) this.#alarm.set(Date.parse(this.#record.endAt));
  }

  unsupported(what: string): ApiError {
    return new ApiError(501, `The provider ${this.#context.provider.id} ${what}`);
  }

  #reopen(wakeForMs?: number): Promise<SandboxLink> {
    const { providerSandboxId } = this.#record;
    if (providerSandboxId === undefined) throw this.#notFound();
    return reopenLink(this.#context, { ...this.#record, providerSandboxId }, wakeForMs);
  }

  #attach(link: SandboxLink): void {
    this.#link = link;
    link.ended.then(() => this.#onLinkEnded(link));
  }

  /** Envd has ended, or the sandbox with it: reconciled before the next request needs it. */
  #onLinkEnded(link: SandboxLink): void {
    const operation = async (): Promise<void> => {
      if (this.#link === link && this.isRunning && !link.isClosed) await this.reconnect();
    };
    this.#context.work.start(
      () => this.#runExclusive(operation),
      (error) => this.#warn(error, "Reconnecting to a sandbox failed"),
    );
  }

  #onAlarm(): void {
    const operation = (): Promise<void> => (this.#isGone ? this.destroy() : this.#timeOut());
    this.#context.work.start(
      () => this.#runExclusive(operation),
      (error) => {
        this.#warn(error, "Ending a sandbox after its time-out failed; retrying");
        this.#alarm.set(Date.now() + retryMs);
      },
    );
  }

  async #timeOut(): Promise<void> {
    const { autoPause, autoPauseMemory, endAt } = this.#record;
    if (!this.isRunning) return;
    // It was extended while this operation waited.
    if (Date.parse(endAt) > Date.now()) return this.setAlarm();
    if (!autoPause) return this.destroy();
    // While no gateway ran it may have stopped by itself, and then counts as paused.
    if (this.currentLink === undefined) await this.reconnect();
    if (this.isRunning) await this.pause(autoPauseMemory);
  }

  #persist(): Promise<void> {
    return this.#context.state.write("sandboxes", this.#record.sandboxId, this.#record);
  }

  #notFound(): ApiError {
    return sandboxNotFound(this.#record.sandboxId);
  }

  #warn(error: unknown, message: string): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.settings.logger.warn({ sandboxId: this.#record.sandboxId, reason }, message);
  }
}

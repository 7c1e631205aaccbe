import { SandboxError, type Template } from "@glovebox/core/provider";
import { ApiError, sandboxNotFound } from "../api-error.ts";
import { Alarm } from "./alarm.ts";
import { EnvdClient } from "./envd-client.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { leaseMarginMs } from "./lease-margin.ts";
import { createLink, reopenLink } from "./open-link.ts";
import type { SandboxLink } from "./sandbox-link.ts";
import { changeEgress, type SandboxNetwork, type SandboxRecord } from "./sandbox-record.ts";
import { stopSandbox } from "./stop-sandbox.ts";
import { Turnstile } from "./turnstile.ts";

/** After what could not be carried out: the provider may be out of order for a while. */
const retryMs = 5_000;
/** What a sandbox that traffic has woken lives for. */
const autoResumeMs = 300_000;

/** One sandbox of E2B's, from its creation to its end, in front of one of the provider's. Its steps come one at a time. */
export class GatewaySandbox {
  readonly #context: GatewayContext;
  readonly #onGone: (sandbox: GatewaySandbox) => void;
  readonly #turnstile = new Turnstile();
  #record: SandboxRecord;
  #link: SandboxLink | undefined;
  /** Rings at its time-out; where it could not be ended, once more a while later. */
  readonly #alarm = new Alarm(() => this.#onAlarm());
  #isGone = false;

  constructor(context: GatewayContext, record: SandboxRecord, onGone: (sandbox: GatewaySandbox) => void) {
    this.#context = context;
    this.#record = record;
    this.#onGone = onGone;
  }

  get id(): string {
    return this.#record.sandboxId;
  }

  get record(): SandboxRecord {
    return this.#record;
  }

  get isRunning(): boolean {
    return !this.#isGone && this.#record.state === "running";
  }

  /** The link that is there; nothing is done to have one. */
  get currentLink(): SandboxLink | undefined {
    return this.isRunning && this.#link?.isOpen ? this.#link : undefined;
  }

  /** What a request to envd must carry; `undefined` where it carries nothing. */
  get envdToken(): string | undefined {
    return this.#record.secure ? this.#context.key.envdToken(this.id) : undefined;
  }

  /** What a request to any other port must carry; `undefined` where it carries nothing. */
  get trafficToken(): string | undefined {
    return this.#record.network?.allowPublicTraffic === false ? this.#context.key.trafficToken(this.id) : undefined;
  }

  /** The first step of a record that has no sandbox. Rejects, and nothing is left, where none can be had. */
  create(template: Template, signal?: AbortSignal): Promise<void> {
    return this.#turnstile.pass(async () => {
      try {
        // Known before it exists: a gateway that dies meanwhile finds whose it is.
        const kept = this.#keep();
        kept.catch(() => {});
        this.#adopt(await createLink(this.#context, this.#record, template, signal));
        await kept;
        await this.#update({ providerSandboxId: this.#link?.sandbox.id });
        this.#armAtEnd();
      } catch (error) {
        await this.#destroy();
        throw error;
      }
    });
  }

  /** Makes a spare one a client's own: what its record says beside its ids holds from here on. */
  claim(record: SandboxRecord): Promise<void> {
    return this.#turnstile.pass(async () => {
      const { sandbox } = await this.#runningLink();
      const { sandboxId, providerSandboxId } = this.#record;
      const leaseMs = Math.max(1, Date.parse(record.endAt) - Date.now()) + leaseMarginMs;
      await Promise.all([
        sandbox.extend(leaseMs),
        this.#envd().initialize(record.envVars),
        this.#update({ ...record, spare: false, sandboxId, providerSandboxId }),
      ]);
      this.#armAtEnd();
    });
  }

  /** The first step of a record whose sandbox was found at the provider. */
  restore(): Promise<void> {
    return this.#turnstile.pass(async () => {
      this.#armAtEnd();
      // Past its end the time-out is about to come, and decides.
      if (this.isRunning && Date.parse(this.#record.endAt) > Date.now()) await this.#reconnect();
    });
  }

  /** The link of a sandbox that runs, taken up again where it broke; `undefined` where it does not run. */
  async link(): Promise<SandboxLink | undefined> {
    if (this.currentLink !== undefined) return this.currentLink;
    return this.#turnstile.pass(async () => {
      if (this.isRunning && this.currentLink === undefined) await this.#reconnect();
      return this.currentLink;
    });
  }

  /** As `link`, for traffic: it wakes a paused sandbox whose client has asked for that. */
  async linkForTraffic(): Promise<SandboxLink | undefined> {
    const { state, autoResume, memoryKept } = this.#record;
    if (!this.#isGone && state === "paused" && autoResume && memoryKept) await this.connect(autoResumeMs);
    return this.link();
  }

  /** Sets its end to this long from now. */
  setTimeout(timeoutMs: number): Promise<void> {
    return this.#turnstile.pass(() => this.#endIn(timeoutMs));
  }

  /** Moves its end to this long from now, unless it ends later anyway. */
  refresh(timeoutMs: number): Promise<void> {
    return this.#turnstile.pass(async () => {
      await this.#runningLink();
      if (Date.parse(this.#record.endAt) < Date.now() + timeoutMs) await this.#endIn(timeoutMs);
    });
  }

  /** Moves its end to this long from now, unless it ends later anyway; wakes it where it is paused, and resolves to whether it was. */
  connect(timeoutMs: number, options: { readonly reboot?: boolean } = {}): Promise<boolean> {
    return this.#turnstile.pass(async () => {
      this.#assertThere();
      if (this.#record.state === "paused") {
        await this.#resume(timeoutMs, options.reboot === true);
        return true;
      }
      if (Date.parse(this.#record.endAt) < Date.now() + timeoutMs) await this.#endIn(timeoutMs);
      return false;
    });
  }

  /** Resolves to false where it is paused already. */
  pause(keepMemory: boolean): Promise<boolean> {
    return this.#turnstile.pass(async () => {
      this.#assertThere();
      if (this.#record.state === "paused") return false;
      await this.#pause(keepMemory);
      return true;
    });
  }

  /** Its files as a template. What runs in it, runs on. */
  snapshot(): Promise<Template> {
    return this.#turnstile.pass(async () => {
      if (!this.#context.provider.capabilities.snapshot) throw this.#unsupported("takes no snapshots");
      const link = await this.#runningLink();
      return link.sandbox.snapshot();
    });
  }

  /** Another way out, from the next connection on. */
  setNetwork(allowInternetAccess: boolean | undefined, network: SandboxNetwork): Promise<void> {
    return this.#turnstile.pass(async () => {
      this.#assertThere();
      if (!this.isRunning) throw new ApiError(409, `Sandbox '${this.id}' is paused; resume it first`);
      const link = await this.#runningLink();
      const wanted = changeEgress(this.#record.network, network);
      // What cannot be had is refused before anything changes.
      const egress = this.#context.toEgressPolicy(allowInternetAccess, wanted);
      await link.changeEgress(await this.#context.provider.connect(link.sandbox.id, { egress }));
      await this.#update({ allowInternetAccess, network: wanted });
    });
  }

  /** Ends it, with everything in flight. Resolves once it is gone. */
  async kill(): Promise<void> {
    if (this.#isGone) return this.#turnstile.pass(async () => {});
    this.#leave();
    await this.#turnstile.pass(() => this.#destroy());
  }

  /** Lets go of it: it lives on until its time-out, for a gateway that takes it up. */
  async close(): Promise<void> {
    this.#leave();
    await this.#turnstile.pass(async () => {
      await this.#link?.close();
      this.#link = undefined;
    });
  }

  #envd(): EnvdClient {
    if (this.currentLink === undefined) throw sandboxNotFound(this.id);
    return new EnvdClient(this.currentLink, this.envdToken);
  }

  #assertThere(): void {
    if (this.#isGone) throw sandboxNotFound(this.id);
  }

  async #runningLink(): Promise<SandboxLink> {
    this.#assertThere();
    if (this.isRunning && this.currentLink === undefined) await this.#reconnect();
    if (this.currentLink !== undefined) return this.currentLink;
    throw sandboxNotFound(this.id);
  }

  async #endIn(timeoutMs: number): Promise<void> {
    const { sandbox } = await this.#runningLink();
    await sandbox.extend(timeoutMs + leaseMarginMs);
    await this.#update({ endAt: new Date(Date.now() + timeoutMs).toISOString() });
    this.#armAtEnd();
  }

  async #pause(keepMemory: boolean): Promise<void> {
    const { capabilities } = this.#context.provider;
    if (keepMemory && !capabilities.pause) throw this.#unsupported("cannot pause a sandbox with its memory");
    if (!keepMemory && !capabilities.wake) throw this.#unsupported("cannot keep a sandbox's files without its memory");
    const link = await this.#runningLink();
    if (keepMemory) await link.sandbox.pause();
    else await stopSandbox(link.sandbox);
    this.#link = undefined;
    await link.close();
    await this.#update({ state: "paused", memoryKept: keepMemory, endAt: new Date().toISOString() });
    this.#alarm.clear();
  }

  async #resume(timeoutMs: number, reboot: boolean): Promise<void> {
    const leaseMs = timeoutMs + leaseMarginMs;
    if (reboot && this.#record.memoryKept) {
      const woken = await this.#reopen(leaseMs);
      await stopSandbox(woken.sandbox);
      await woken.close();
    }
    this.#adopt(await this.#reopen(leaseMs));
    await this.#update({ state: "running", endAt: new Date(Date.now() + timeoutMs).toISOString() });
    this.#armAtEnd();
  }

  /** Takes up a sandbox that should run. One that has stopped by itself is paused or gone, as its client has asked. */
  async #reconnect(): Promise<void> {
    const before = this.#link;
    this.#link = undefined;
    try {
      const link = await this.#reopen();
      this.#adopt(link);
    } catch (error) {
      if (!SandboxError.isInstance(error) || (error.code !== "stopped" && error.code !== "not-found")) throw error;
      if (error.code === "stopped" && this.#record.autoPause) {
        await this.#update({ state: "paused", memoryKept: false, endAt: new Date().toISOString() });
        this.#alarm.clear();
      } else {
        await this.#destroy();
      }
    } finally {
      await before?.close();
    }
  }

  #reopen(wakeForMs?: number): Promise<SandboxLink> {
    const { providerSandboxId } = this.#record;
    if (providerSandboxId === undefined) throw sandboxNotFound(this.id);
    return reopenLink(this.#context, { ...this.#record, providerSandboxId }, wakeForMs);
  }

  #adopt(link: SandboxLink): void {
    this.#link = link;
    link.ended.then(() => this.#onLinkEnded(link));
  }

  /** Envd has ended, or the sandbox with it: found out, and set right, before the next request needs it. */
  #onLinkEnded(link: SandboxLink): void {
    this.#turnstile
      .pass(async () => {
        if (this.#link === link && this.isRunning && !link.isClosed) await this.#reconnect();
      })
      .catch((error) => this.#warn(error, "A sandbox could not be taken up again"));
  }

  #onAlarm(): void {
    const task = (): Promise<void> => (this.#isGone ? this.#destroy() : this.#timeOut());
    this.#turnstile.pass(task).catch((error) => {
      this.#warn(error, "A sandbox whose time is over could not be ended; it is tried again");
      this.#alarm.set(Date.now() + retryMs);
    });
  }

  async #timeOut(): Promise<void> {
    const { autoPause, autoPauseMemory, endAt } = this.#record;
    if (!this.isRunning) return;
    // It was moved while this waited for its turn.
    if (Date.parse(endAt) > Date.now()) return this.#armAtEnd();
    if (!autoPause) return this.#destroy();
    // While no gateway ran it may have stopped by itself, and is as good as paused then.
    if (this.currentLink === undefined) await this.#reconnect();
    if (this.isRunning) await this.#pause(autoPauseMemory);
  }

  #armAtEnd(): void {
    if (this.isRunning) this.#alarm.set(Date.parse(this.#record.endAt));
  }

  /** No request finds it from here on. */
  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#alarm.clear();
    this.#onGone(this);
  }

  async #destroy(): Promise<void> {
    this.#leave();
    const link = this.#link;
    this.#link = undefined;
    const id = this.#record.providerSandboxId ?? link?.sandbox.id;
    try {
      await Promise.all([link?.close(), id && this.#context.provider.destroy(id)]);
      await this.#context.state.remove("sandboxes", this.id);
    } catch (error) {
      // Its record stays until it is gone for certain.
      this.#alarm.set(Date.now() + retryMs);
      throw error;
    }
  }

  async #update(changes: Partial<SandboxRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    await this.#keep();
  }

  #keep(): Promise<void> {
    return this.#context.state.write("sandboxes", this.id, this.#record);
  }

  #unsupported(what: string): ApiError {
    return new ApiError(501, `The provider ${this.#context.provider.id} ${what}`);
  }

  #warn(error: unknown, message: string): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.settings.logger.warn({ sandboxId: this.id, reason }, message);
  }
}

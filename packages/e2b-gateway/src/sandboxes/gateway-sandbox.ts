import type { Template } from "@glovebox/core/provider";
import pLimit from "p-limit";
import { ApiError } from "../api-error.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { leaseMarginMs } from "./link/lease-margin.ts";
import type { SandboxLink } from "./link/sandbox-link.ts";
import { SandboxLifecycle } from "./sandbox-lifecycle.ts";
import { changeEgress, type SandboxNetwork, type SandboxRecord } from "./state/sandbox-record.ts";

/** How long a sandbox lives that traffic has woken. */
const autoResumeMs = 300_000;

/** One sandbox of E2B's protocol, in front of one of the provider's. Its operations run one at a time. */
export class GatewaySandbox {
  readonly #context: GatewayContext;
  readonly #runExclusive = pLimit(1);
  readonly #lifecycle: SandboxLifecycle;

  constructor(context: GatewayContext, record: SandboxRecord, onGone: (sandbox: GatewaySandbox) => void) {
    this.#context = context;
    const runExclusive = <T>(operation: () => Promise<T>): Promise<T> => this.#runExclusive(operation);
    this.#lifecycle = new SandboxLifecycle({ context, record, runExclusive, onGone: () => onGone(this) });
  }

  get id(): string {
    return this.record.sandboxId;
  }

  get record(): SandboxRecord {
    return this.#lifecycle.record;
  }

  get isRunning(): boolean {
    return this.#lifecycle.isRunning;
  }

  /** The open link, if there is one. Opens none. */
  get currentLink(): SandboxLink | undefined {
    return this.#lifecycle.currentLink;
  }

  /** What a request to envd must carry; `undefined` where it carries nothing. */
  get envdToken(): string | undefined {
    return this.#lifecycle.envdToken;
  }

  /** What a request to any other port must carry; `undefined` where it carries nothing. */
  get trafficToken(): string | undefined {
    return this.record.network?.allowPublicTraffic === false ? this.#context.key.trafficToken(this.id) : undefined;
  }

  /** The first operation of a record that has no sandbox yet. Where it fails it rejects, and nothing is left. */
  create(template: Template, signal?: AbortSignal): Promise<void> {
    return this.#runExclusive(() => this.#lifecycle.create(template, signal));
  }

  /** Gives a pooled sandbox to a client: everything in its record but the ids applies from here on. */
  checkout(record: SandboxRecord): Promise<void> {
    return this.#runExclusive(async () => {
      const { sandbox } = await this.#lifecycle.runningLink();
      const { sandboxId, providerSandboxId } = this.record;
      const leaseMs = Math.max(1, Date.parse(record.endAt) - Date.now()) + leaseMarginMs;
      await Promise.all([
        sandbox.extend(leaseMs),
        this.#lifecycle.envd.initialize(record.envVars),
        this.#lifecycle.update({ ...record, pooled: false, sandboxId, providerSandboxId }),
      ]);
      this.#lifecycle.setAlarm();
    });
  }

  /** The first operation of a record whose sandbox was found at the provider. */
  restore(): Promise<void> {
    return this.#runExclusive(async () => {
      this.#lifecycle.setAlarm();
      // After its end the time-out is about to fire, and decides.
      if (this.isRunning && Date.parse(this.record.endAt) > Date.now()) await this.#lifecycle.reconnect();
    });
  }

  /** The link of a running sandbox, reconnected where it broke; `undefined` where it does not run. */
  async link(): Promise<SandboxLink | undefined> {
    if (this.currentLink !== undefined) return this.currentLink;
    return this.#runExclusive(async () => {
      if (this.isRunning && this.currentLink === undefined) await this.#lifecycle.reconnect();
      return this.currentLink;
    });
  }

  /** As `link`, for traffic: it wakes a paused sandbox whose client has requested that. */
  async linkForTraffic(): Promise<SandboxLink | undefined> {
    const { state, autoResume, memoryKept } = this.record;
    const canWake = !this.#lifecycle.isGone && state === "paused" && autoResume && memoryKept;
    if (canWake) await this.connect(autoResumeMs);
    return this.link();
  }

  /** Sets its end to this long from now. */
  setTimeout(timeoutMs: number): Promise<void> {
    return this.#runExclusive(() => this.#lifecycle.endIn(timeoutMs));
  }

  /** Moves its end to this long from now, unless it ends later anyway. */
  refresh(timeoutMs: number): Promise<void> {
    return this.#runExclusive(async () => {
      await this.#lifecycle.runningLink();
      if (this.#endsWithin(timeoutMs)) await this.#lifecycle.endIn(timeoutMs);
    });
  }

  /** As `refresh`, and resumes it where it is paused. Resolves to whether it was. */
  connect(timeoutMs: number, options: { readonly reboot?: boolean } = {}): Promise<boolean> {
    return this.#runExclusive(async () => {
      this.#lifecycle.assertExists();
      if (this.record.state === "paused") {
        await this.#lifecycle.resume(timeoutMs, options.reboot === true);
        return true;
      }
      if (this.#endsWithin(timeoutMs)) await this.#lifecycle.endIn(timeoutMs);
      return false;
    });
  }

  /** Resolves to false where it is paused already. */
  pause(keepMemory: boolean): Promise<boolean> {
    return this.#runExclusive(async () => {
      this.#lifecycle.assertExists();
      if (this.record.state === "paused") return false;
      await this.#lifecycle.pause(keepMemory);
      return true;
    });
  }

  /** Saves its files as a template. Its processes keep running. */
  snapshot(): Promise<Template> {
    return this.#runExclusive(async () => {
      if (!this.#context.provider.capabilities.snapshot) throw this.#lifecycle.unsupported("takes no snapshots");
      const link = await this.#lifecycle.runningLink();
      return link.sandbox.snapshot();
    });
  }

  /** Changes its egress rules, from the next connection on. */
  setNetwork(allowInternetAccess: boolean | undefined, network: SandboxNetwork): Promise<void> {
    return this.#runExclusive(async () => {
      this.#lifecycle.assertExists();
      if (!this.isRunning) throw new ApiError(409, `Sandbox '${this.id}' is paused; resume it first`);
      const link = await this.#lifecycle.runningLink();
      const wanted = changeEgress(this.record.network, network);
      // What is not supported is refused before anything changes.
      const egress = this.#context.toEgressPolicy(allowInternetAccess, wanted);
      await link.changeEgress(await this.#context.provider.connect(link.sandbox.id, { egress }));
      await this.#lifecycle.update({ allowInternetAccess, network: wanted });
    });
  }

  /** Ends it, with everything in flight. Resolves once it is gone. */
  async kill(): Promise<void> {
    if (this.#lifecycle.isGone) return this.#runExclusive(async () => {});
    this.#lifecycle.leave();
    await this.#runExclusive(() => this.#lifecycle.destroy());
  }

  /** Releases it: it lives until its time-out, for a gateway that restores it. */
  async close(): Promise<void> {
    this.#lifecycle.leave();
    await this.#runExclusive(() => this.#lifecycle.closeLink());
  }

  #endsWithin(timeoutMs: number): boolean {
    return Date.parse(this.record.endAt) < Date.now() + timeoutMs;
  }
}

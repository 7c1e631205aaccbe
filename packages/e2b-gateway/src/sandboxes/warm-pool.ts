import { setTimeout as delay } from "node:timers/promises";
import type { Template } from "@glovebox/core/provider";
import type { GatewayContext } from "./gateway-context.ts";
import type { GatewaySandbox } from "./gateway-sandbox.ts";
import { newSandboxId } from "./state/sandbox-id.ts";
import type { SandboxRecord } from "./state/sandbox-record.ts";

/** A pooled sandbox that no client has taken in this time ends and is replaced. */
const maxIdleMs = 60 * 60 * 1000;

export interface WarmPoolOptions {
  readonly context: GatewayContext;
  /** Returns the object for a sandbox that no client knows of. */
  readonly make: (record: SandboxRecord) => GatewaySandbox;
  /** Whether clients are waiting for sandboxes: the pool fills up when they are not. */
  readonly isBusy: () => boolean;
}

/** Sandboxes of one template that run before a client requests them, so that it gets one at once. */
export class WarmPool {
  readonly #options: WarmPoolOptions;
  readonly #ready: GatewaySandbox[] = [];
  #shape: { readonly record: SandboxRecord; readonly template: Template } | undefined;
  #filling: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: WarmPoolOptions) {
    this.#options = options;
  }

  /** Keeps sandboxes like this record from here on. What can still be changed in a running one may differ. */
  keep(record: SandboxRecord, template: Template): void {
    this.#shape = { record, template };
    this.fill();
  }

  /** Removes a matching sandbox from the pool; undefined where there is none. */
  take(record: SandboxRecord, template: Template): GatewaySandbox | undefined {
    return this.#matches(record, template) ? this.#ready.shift() : undefined;
  }

  #matches(record: SandboxRecord, template: Template): boolean {
    const shape = this.#shape;
    if (shape === undefined || template.digest !== shape.template.digest) return false;
    return this.#fixedSettings(record) === this.#fixedSettings(shape.record);
  }

  /** What cannot be changed once a sandbox runs, in a form that can be compared. */
  #fixedSettings(record: SandboxRecord): string {
    const { secure, cpuCount, memoryMB, defaultUser, defaultWorkdir, allowInternetAccess, network } = record;
    const egress = this.#options.context.toEgressPolicy(allowInternetAccess, network);
    return JSON.stringify({ secure, cpuCount, memoryMB, defaultUser, defaultWorkdir, egress });
  }

  /**
   * Creates what is missing, one by one, while no client waits. A failed creation is retried by the next call. `afterMs`
   * leaves the engine to the client that has just got a sandbox, whose first command comes now.
   */
  fill(afterMs = 0): void {
    this.#filling ??= delay(afterMs, undefined, { signal: this.#options.context.work.closing })
      .then(() => this.#fill())
      .catch(() => {})
      .finally(() => {
        this.#filling = undefined;
      });
  }

  async #fill(): Promise<void> {
    const { context, make, isBusy } = this.#options;
    while (this.#shape !== undefined && this.#ready.length < context.settings.warmPoolSize) {
      if (this.#isClosed || isBusy()) return;
      const { record, template } = this.#shape;
      const now = Date.now();
      const sandbox = make({
        ...record,
        pooled: true,
        sandboxId: newSandboxId(),
        envVars: {},
        startedAt: new Date(now).toISOString(),
        endAt: new Date(now + maxIdleMs).toISOString(),
      });
      // A client that takes it before it is created waits for it: no longer than for one of its own.
      this.#ready.push(sandbox);
      await sandbox.create(template, context.work.closing);
    }
  }

  /** Removes a sandbox that has ended by itself, and replaces it. */
  forget(sandbox: GatewaySandbox): void {
    const at = this.#ready.indexOf(sandbox);
    if (at === -1) return;
    this.#ready.splice(at, 1);
    this.fill();
  }

  /** Ends the pooled sandboxes: a later gateway does not restore them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#filling;
    await Promise.all(this.#ready.splice(0).map((sandbox) => sandbox.kill()));
  }
}

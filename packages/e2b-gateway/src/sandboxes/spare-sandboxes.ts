import type { Template } from "@glovebox/core/provider";
import type { GatewayContext } from "./gateway-context.ts";
import type { GatewaySandbox } from "./gateway-sandbox.ts";
import { newSandboxId } from "./sandbox-id.ts";
import type { SandboxRecord } from "./sandbox-record.ts";

/** One that nobody has asked for in this time ends, and another one takes its place. */
const spareLifeMs = 60 * 60 * 1000;

export interface SpareSandboxesOptions {
  readonly context: GatewayContext;
  /** Makes a sandbox that no client knows of. */
  readonly make: (record: SandboxRecord) => GatewaySandbox;
  /** Whether clients wait for sandboxes at the moment: spare ones are made when they do not. */
  readonly isBusy: () => boolean;
}

/** Sandboxes of one template that run before a client asks for them: whoever asks gets one at once. */
export class SpareSandboxes {
  readonly #options: SpareSandboxesOptions;
  readonly #ready: GatewaySandbox[] = [];
  #shape: { readonly record: SandboxRecord; readonly template: Template } | undefined;
  #filling: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: SpareSandboxesOptions) {
    this.#options = options;
  }

  /** From here on there are some that are as this record is, but for what can be given to one that runs. */
  keep(record: SandboxRecord, template: Template): void {
    this.#shape = { record, template };
    this.fill();
  }

  /** One that fits, which is the caller's from here on. */
  take(record: SandboxRecord, template: Template): GatewaySandbox | undefined {
    return this.#fits(record, template) ? this.#ready.shift() : undefined;
  }

  #fits(record: SandboxRecord, template: Template): boolean {
    const shape = this.#shape;
    if (shape === undefined || template.digest !== shape.template.digest) return false;
    const told = (one: SandboxRecord): string => {
      const { toEgressPolicy } = this.#options.context;
      const { secure, cpuCount, memoryMB, defaultUser, defaultWorkdir, allowInternetAccess, network } = one;
      const egress = toEgressPolicy(allowInternetAccess, network);
      return JSON.stringify({ secure, cpuCount, memoryMB, defaultUser, defaultWorkdir, egress });
    };
    return told(record) === told(shape.record);
  }

  /** Makes what is missing, one by one, once nobody waits. What cannot be made is tried again by the next call. */
  fill(): void {
    this.#filling ??= this.#fill()
      .catch(() => {})
      .finally(() => {
        this.#filling = undefined;
      });
  }

  async #fill(): Promise<void> {
    const { context, make, isBusy } = this.#options;
    while (this.#shape !== undefined && this.#ready.length < context.settings.spareSandboxes) {
      if (this.#isClosed || isBusy()) return;
      const { record, template } = this.#shape;
      const now = Date.now();
      const spare = make({
        ...record,
        spare: true,
        sandboxId: newSandboxId(),
        envVars: {},
        startedAt: new Date(now).toISOString(),
        endAt: new Date(now + spareLifeMs).toISOString(),
      });
      // Whoever takes it meanwhile waits for it: that is no longer than to have another one made.
      this.#ready.push(spare);
      await spare.create(template);
    }
  }

  /** One has ended by itself. */
  forget(spare: GatewaySandbox): void {
    const at = this.#ready.indexOf(spare);
    if (at === -1) return;
    this.#ready.splice(at, 1);
    this.fill();
  }

  /** Ends them: no gateway after this one takes them up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#filling;
    await Promise.all(this.#ready.splice(0).map((spare) => spare.kill()));
  }
}

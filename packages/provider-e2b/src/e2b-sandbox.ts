import { createHash } from "node:crypto";
import { type CallOptions, type EgressPolicy, SandboxNotFoundError } from "@glovebox/core/provider";
import type {
  StartOptions,
  SupervisorStream,
  VendorInfo,
  VendorLease,
  VendorSandbox,
  VendorTemplate,
} from "@glovebox/provider-kit";
import type { E2bApi } from "./api/e2b-api.ts";
import { networkRules, paused } from "./network/network-rules.ts";
import { findSandbox } from "./sandbox/find-sandbox.ts";
import type { SandboxAccess, SandboxSession } from "./sandbox/sandbox-access.ts";
import { sandboxInfo } from "./sandbox/sandbox-info.ts";
import { connectToSupervisor } from "./supervisor/connect-to-supervisor.ts";
import { formatReference } from "./template/template-reference.ts";

/** One sandbox on E2B. */
export class E2bSandbox implements VendorSandbox {
  readonly id: string;
  readonly lease: VendorLease = { keptBy: "both", extend: (ttlMs, call) => this.#extend(ttlMs, call) };
  readonly #api: E2bApi;
  readonly #access: SandboxAccess;
  #session: SandboxSession | undefined;

  constructor(api: E2bApi, id: string, access: SandboxAccess) {
    this.id = id;
    this.#api = api;
    this.#access = access;
  }

  async info(call: CallOptions): Promise<VendorInfo> {
    const facts = await findSandbox(this.#api, this.id, call);
    if (facts !== undefined) return sandboxInfo(facts);
    throw new SandboxNotFoundError(`The E2B sandbox ${this.id} does not exist`, { providerId: "e2b" });
  }

  async openStream(call: CallOptions): Promise<SupervisorStream> {
    this.#session ??= await this.#access.open(call);
    return connectToSupervisor(this.#api, this.#session, call);
  }

  async start(options: StartOptions): Promise<SupervisorStream> {
    this.#session = await this.#access.start(options);
    return connectToSupervisor(this.#api, this.#session, options);
  }

  async undoStart(): Promise<void> {
    await this.#access.undoStart?.();
  }

  async destroy(call: CallOptions): Promise<void> {
    await this.#api.call("removing the sandbox", call, ({ Sandbox }, options) => Sandbox.kill(this.id, options));
  }

  async pause(call: CallOptions): Promise<void> {
    await this.#api.call("pausing the sandbox", call, async ({ Sandbox }, options) => {
      await Sandbox.updateNetwork(this.id, paused, options);
      await Sandbox.pause(this.id, options);
    });
  }

  /** A template from E2B's snapshot. Processes in its memory are killed when a sandbox starts from it. */
  async snapshot(call: CallOptions): Promise<VendorTemplate> {
    const { snapshotId } = await this.#api.call("creating a snapshot", call, ({ Sandbox }, options) =>
      Sandbox.createSnapshot(this.id, options),
    );
    const digest = createHash("sha256").update(`snapshot ${snapshotId}`).digest("hex");
    return {
      reference: formatReference({ name: snapshotId, kind: "snapshot", packages: [] }),
      digest: `sha256:${digest}`,
      reused: false,
    };
  }

  async setEgress(policy: EgressPolicy, call: CallOptions): Promise<void> {
    await this.#api.call("updating the network rules", call, ({ Sandbox }, options) =>
      Sandbox.updateNetwork(this.id, networkRules(policy), options),
    );
  }

  async #extend(ttlMs: number, call: CallOptions): Promise<Date> {
    await this.#api.call("extending the lease", call, ({ Sandbox }, options) =>
      Sandbox.setTimeout(this.id, ttlMs, options),
    );
    return new Date(Date.now() + ttlMs);
  }
}

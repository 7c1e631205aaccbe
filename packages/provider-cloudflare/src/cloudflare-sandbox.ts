import type { CallOptions } from "@glovebox/core/provider";
import type {
  StartOptions,
  SupervisorStream,
  VendorInfo,
  VendorLease,
  VendorSandbox,
  VendorTemplate,
} from "@glovebox/provider-kit";
import { sandboxInfo } from "./sandbox-info.ts";
import { snapshotReference } from "./template/template-reference.ts";
import { connectToSupervisor } from "./worker/connect-to-supervisor.ts";
import type { SandboxRecord } from "./worker/worker-replies.ts";
import type { WorkerSandboxes } from "./worker/worker-sandboxes.ts";

/** One sandbox of the Worker. */
export class CloudflareSandbox implements VendorSandbox {
  readonly id: string;
  readonly lease: VendorLease;
  readonly #sandboxes: WorkerSandboxes;
  readonly #record: SandboxRecord;

  constructor(sandboxes: WorkerSandboxes, record: SandboxRecord) {
    this.id = record.id;
    this.#sandboxes = sandboxes;
    this.#record = record;
    // The Worker keeps the lease: a supervisor that exits by itself would lose the files.
    this.lease = { keptBy: "vendor", extend: (ttlMs, { signal }) => sandboxes.extend(this.id, ttlMs, signal) };
  }

  async info({ signal }: CallOptions): Promise<VendorInfo> {
    return sandboxInfo(await this.#sandboxes.get(this.id, signal));
  }

  openStream({ signal }: CallOptions): Promise<SupervisorStream> {
    return connectToSupervisor(this.#sandboxes.client, this.id, signal);
  }

  async start({ ttlMs, signal }: StartOptions): Promise<SupervisorStream> {
    if (this.#record.state === "stopped") await this.#sandboxes.wake(this.id, ttlMs, signal);
    return connectToSupervisor(this.#sandboxes.client, this.id, signal);
  }

  destroy({ signal }: CallOptions): Promise<void> {
    return this.#sandboxes.destroy(this.id, signal);
  }

  async snapshot({ signal }: CallOptions, { rootInside }: VendorInfo): Promise<VendorTemplate> {
    const id = await this.#sandboxes.snapshot(this.id, signal);
    return { reference: snapshotReference(id, rootInside), digest: `snapshot:${id}`, reused: false };
  }
}

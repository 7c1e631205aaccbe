import { type CallOptions, dropUndefined } from "@glovebox/core/provider";
import type { StartOptions, VendorInfo, VendorSandbox, VendorTemplate } from "@glovebox/provider-kit";
import type { LargeDirectoryReader, SupervisorConnection } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { engineArchive } from "./archive/engine-archive.ts";
import { type ContainerFacts, inspectSandbox } from "./inspect-container.ts";
import { pauseContainer } from "./pause-container.ts";
import { removeContainer } from "./remove-container.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { snapshotContainer } from "./snapshot-container.ts";
import { execConnect } from "./streams/exec-connect.ts";
import { startContainer } from "./streams/start-container.ts";
import { sleepAgain, wakeContainer } from "./wake-container.ts";
import { withDeadline } from "./with-deadline.ts";

const inspectTimeoutMs = 20_000;

export interface ContainerSandboxOptions {
  readonly engine: Docker;
  /** The container's full id. */
  readonly id: string;
  /** The engine's word for the state that it was found in; absent for one that was made just now. */
  readonly status?: string;
  /** Done with the container that was made just now before it is started. */
  readonly beforeStart?: ((call: CallOptions) => Promise<void>) | undefined;
}

/** A sandbox as a container of an engine. */
export class ContainerSandbox implements VendorSandbox {
  readonly id: string;
  readonly readLargeDirectory?: LargeDirectoryReader;
  readonly #options: ContainerSandboxOptions;
  readonly #engine: Docker;

  constructor(options: ContainerSandboxOptions) {
    const { engine, id } = options;
    this.id = id;
    this.#options = options;
    this.#engine = engine;
    // Only on this host: elsewhere the network takes the time, and the supervisor's connection is as good.
    const { socketPath } = engine.modem as { readonly socketPath?: unknown };
    if (typeof socketPath === "string") {
      this.readLargeDirectory = (directory, options) =>
        engineArchive({ socketPath, containerId: id }, directory, options);
    }
  }

  async info(call: CallOptions): Promise<VendorInfo> {
    return sandboxInfo(await this.#inspect(call));
  }

  openStream({ signal }: CallOptions): Promise<SupervisorConnection> {
    return execConnect(this.#engine, this.id, signal);
  }

  async start({ ttlMs, signal }: StartOptions): Promise<SupervisorConnection> {
    const { status, beforeStart } = this.#options;
    if (status !== undefined) return wakeContainer(this.#engine, { id: this.id, status, ttlMs, signal });
    await beforeStart?.(dropUndefined({ signal }));
    return startContainer(this.#engine, this.id, signal);
  }

  async undoStart(connection: SupervisorConnection | undefined): Promise<void> {
    const { status = "created" } = this.#options;
    await sleepAgain(this.#engine, { id: this.id, status }, connection);
  }

  destroy({ signal }: CallOptions): Promise<void> {
    return removeContainer(this.#engine, this.id, { signal });
  }

  pause({ signal }: CallOptions): Promise<void> {
    return pauseContainer(this.#engine, this.id, signal);
  }

  async snapshot(call: CallOptions): Promise<VendorTemplate> {
    return snapshotContainer(this.#engine, await this.#inspect(call), call.signal);
  }

  #inspect({ signal }: CallOptions): Promise<ContainerFacts> {
    const inspecting = { operation: "inspecting the container", timeoutMs: inspectTimeoutMs, signal };
    return withDeadline(inspecting, (cancelled) => inspectSandbox(this.#engine, this.id, cancelled));
  }
}

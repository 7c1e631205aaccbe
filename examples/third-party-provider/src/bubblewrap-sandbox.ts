import { setTimeout as delay } from "node:timers/promises";
import {
  type CallOptions,
  CapabilityUnsupportedError,
  type ProcessInfo,
  type Sandbox,
  type SandboxFiles,
  type SandboxInfo,
  SandboxNotFoundError,
  type SandboxProcess,
  type SandboxStats,
  type SpawnOptions,
  unsupported,
} from "@glovebox/core/provider";
import type { SandboxEgress } from "@glovebox/egress-gateway";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { checkTtl } from "./check-spec.ts";
import { mapFailures, throwIfAborted } from "./map-failure.ts";
import { removeSandbox } from "./remove-sandbox.ts";
import type { SandboxFolder } from "./state/sandbox-folder.ts";
import { sandboxInfo } from "./state/sandbox-info.ts";

const stoppingMs = 1_000;

export interface BubblewrapSandboxOptions {
  readonly settings: ResolvedSettings;
  readonly id: string;
  readonly folder: SandboxFolder;
  readonly connection: SupervisorConnection;
  /** Whether disposing of the handle destroys the sandbox. */
  readonly created: boolean;
  /** The way out that this handle serves, until it is closed. */
  readonly egress: SandboxEgress | undefined;
}

/** A handle on a sandbox that runs, over a connection to its supervisor. */
export class BubblewrapSandbox implements Sandbox {
  readonly id: string;
  readonly providerId = "bubblewrap";
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  readonly pty = unsupported("bubblewrap", "pty");
  readonly endpoint = unsupported("bubblewrap", "endpoint");
  readonly watch = unsupported("bubblewrap", "watch");
  readonly pause = unsupported("bubblewrap", "pause");
  readonly snapshot = unsupported("bubblewrap", "snapshot");
  readonly #options: BubblewrapSandboxOptions;
  readonly #connection: SupervisorConnection;

  constructor(options: BubblewrapSandboxOptions) {
    const { id, connection, egress } = options;
    this.id = id;
    this.files = connection.files;
    this.#options = options;
    this.#connection = connection;
    this.modelUrls = egress?.modelUrls ?? {};
    if (egress !== undefined) connection.serveEgress((socket) => egress.handle(socket));
  }

  async info(options: CallOptions = {}): Promise<SandboxInfo> {
    throwIfAborted(options.signal, "looking at the sandbox");
    const found = this.#look();
    if (found.state !== "running") return found;
    try {
      const [leaseEndsAt, resources] = await Promise.all([
        this.#connection.leaseEndsAt(options),
        this.#connection.resources(options),
      ]);
      return { ...found, leaseEndsAt, resources };
    } catch (error) {
      // It may be about to stop, which is an answer and not a failure: its supervisor goes a moment before its process.
      for (let waited = 0; waited < stoppingMs && this.#look().state === "running"; waited += 10) await delay(10);
      const after = this.#look();
      if (after.state === "running" || options.signal?.aborted) throw error;
      return after;
    }
  }

  #look(): SandboxInfo {
    const { id, folder } = this.#options;
    const record = folder.readRecord();
    if (record !== undefined) return sandboxInfo(id, folder, record);
    throw new SandboxNotFoundError(`The bubblewrap sandbox ${id} is gone`, { providerId: this.providerId });
  }

  spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<SandboxProcess> {
    return this.#connection.spawn(argv, options);
  }

  processes(options?: CallOptions): Promise<readonly ProcessInfo[]> {
    return this.#connection.processes(options);
  }

  attach(processId: string, fromOffset: number, options?: CallOptions): Promise<SandboxProcess> {
    return this.#connection.attach(processId, fromOffset, options);
  }

  async extend(ttlMs: number, options?: CallOptions): Promise<Date> {
    checkTtl(ttlMs);
    return this.#connection.extend(ttlMs, options);
  }

  quiesce(options?: CallOptions): Promise<void> {
    return this.#connection.quiesce(options);
  }

  async stats(): Promise<SandboxStats> {
    throw new CapabilityUnsupportedError("The bubblewrap provider keeps no figures of a sandbox", {
      providerId: this.providerId,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#options.egress?.close(), this.#connection.close()]);
  }

  async destroy({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal, "removing the sandbox");
    try {
      await mapFailures("removing the sandbox", () => removeSandbox(this.#options.settings, this.#options.folder));
    } finally {
      await this.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#options.created ? this.destroy() : this.close());
  }
}

import {
  type CallOptions,
  type FileChange,
  type ProcessInfo,
  type Sandbox,
  type SandboxEndpoint,
  type SandboxFiles,
  type SandboxInfo,
  type SandboxProcess,
  type SandboxStats,
  type SandboxTerminal,
  type SpawnOptions,
  type Template,
  type TerminalOptions,
  unsupported,
  type WatchOptions,
} from "@glovebox/core/provider";
import type { SandboxEgress } from "@glovebox/egress-gateway";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { checkTtl } from "./check-spec.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { snapshotReference } from "./template/template-reference.ts";
import type { SandboxRecord } from "./worker/worker-replies.ts";
import type { WorkerSandboxes } from "./worker/worker-sandboxes.ts";

export interface CloudflareSandboxOptions {
  readonly sandboxes: WorkerSandboxes;
  readonly id: string;
  readonly connection: SupervisorConnection;
  /** Whether disposing of the handle destroys the sandbox. */
  readonly created: boolean;
  /** The way out that this handle serves, until it is closed. */
  readonly egress: SandboxEgress | undefined;
}

/** A handle on a container that runs, over a connection through the Worker to its supervisor. */
export class CloudflareSandbox implements Sandbox {
  readonly id: string;
  readonly providerId = "cloudflare";
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  readonly pause = unsupported("cloudflare", "pause");
  readonly #sandboxes: WorkerSandboxes;
  readonly #connection: SupervisorConnection;
  readonly #created: boolean;
  readonly #egress: SandboxEgress | undefined;

  constructor({ sandboxes, id, connection, created, egress }: CloudflareSandboxOptions) {
    this.id = id;
    this.files = connection.files;
    this.#sandboxes = sandboxes;
    this.#connection = connection;
    this.#created = created;
    this.#egress = egress;
    this.modelUrls = egress?.modelUrls ?? {};
    if (egress !== undefined) connection.serveEgress((socket) => egress.handle(socket));
  }

  async info(options: CallOptions = {}): Promise<SandboxInfo> {
    const record = await this.#look(options);
    if (record.state !== "running") return sandboxInfo(record);
    try {
      return { ...sandboxInfo(record), resources: await this.#connection.resources(options) };
    } catch (error) {
      // It may have stopped between the two looks at it, which is an answer and not a failure.
      const after = await this.#look(options);
      if (after.state === "running") throw error;
      return sandboxInfo(after);
    }
  }

  #look({ signal }: CallOptions): Promise<SandboxRecord> {
    return this.#sandboxes.get(this.id, signal);
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

  async extend(ttlMs: number, options: CallOptions = {}): Promise<Date> {
    checkTtl(ttlMs);
    // The Worker keeps the lease: a supervisor that ended by itself would take the files with it.
    return this.#sandboxes.extend(this.id, ttlMs, options.signal);
  }

  quiesce(options?: CallOptions): Promise<void> {
    return this.#connection.quiesce(options);
  }

  stats(options?: CallOptions): Promise<SandboxStats> {
    return this.#connection.stats(options);
  }

  pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal> {
    return this.#connection.pty(argv, options);
  }

  endpoint(port: number, options?: CallOptions): Promise<SandboxEndpoint> {
    return this.#connection.endpoint(port, options);
  }

  watch(path: string, options?: WatchOptions): Promise<AsyncIterable<FileChange>> {
    return this.#connection.watch(path, options);
  }

  async snapshot(options: CallOptions = {}): Promise<Template> {
    const { rootInside } = await this.#look(options);
    const take = (): Promise<string> => this.#sandboxes.snapshot(this.id, options.signal);
    const id = await this.#connection.whileStopped(take, options);
    return {
      providerId: this.providerId,
      reference: snapshotReference(id, rootInside),
      digest: `snapshot:${id}`,
      reused: false,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#egress?.close(), this.#connection.close()]);
  }

  async destroy({ signal }: CallOptions = {}): Promise<void> {
    try {
      await this.#sandboxes.destroy(this.id, signal);
    } finally {
      await this.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#created ? this.destroy() : this.close());
  }
}

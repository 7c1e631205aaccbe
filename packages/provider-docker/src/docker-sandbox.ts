import type {
  CallOptions,
  FileChange,
  ProcessInfo,
  Sandbox,
  SandboxEndpoint,
  SandboxFiles,
  SandboxInfo,
  SandboxProcess,
  SandboxStats,
  SandboxTerminal,
  SpawnOptions,
  Template,
  TerminalOptions,
  WatchOptions,
} from "@glovebox/core/provider";
import type { SandboxEgress } from "@glovebox/egress-gateway";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { checkTtl } from "./container/check-spec.ts";
import { engineArchive } from "./container/engine-archive.ts";
import { type ContainerFacts, inspectSandbox } from "./container/inspect-container.ts";
import { pauseContainer } from "./container/pause-container.ts";
import { readBackTag } from "./container/read-back.ts";
import { removeContainer } from "./container/remove-container.ts";
import { sandboxInfo } from "./container/sandbox-info.ts";
import { snapshotContainer } from "./container/snapshot-container.ts";
import { withDeadline } from "./container/with-deadline.ts";

const inspectTimeoutMs = 20_000;

export interface DockerSandboxOptions {
  readonly engine: Docker;
  /** The container's full id. */
  readonly id: string;
  readonly connection: SupervisorConnection;
  /** Whether disposing of the handle destroys the sandbox. */
  readonly created: boolean;
  /** The way out that this handle serves, until it is closed. */
  readonly egress: SandboxEgress | undefined;
}

/** A handle on a container that runs, over a held connection to its supervisor. */
export class DockerSandbox implements Sandbox {
  readonly id: string;
  readonly providerId = "docker";
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  readonly #engine: Docker;
  readonly #connection: SupervisorConnection;
  readonly #created: boolean;
  readonly #egress: SandboxEgress | undefined;

  constructor(options: DockerSandboxOptions) {
    const { engine, id, connection, created, egress } = options;
    this.id = id;
    this.files = connection.files;
    this.#engine = engine;
    this.#connection = connection;
    this.#created = created;
    this.#egress = egress;
    this.modelUrls = egress?.modelUrls ?? {};
    // Only on this host: elsewhere the way is what takes the time, and the connection that is there is as good.
    const { socketPath } = engine.modem as { readonly socketPath?: unknown };
    if (typeof socketPath === "string") {
      connection.readLargeFolders((folder, wanted) => engineArchive({ socketPath, containerId: id }, folder, wanted));
    }
    if (egress !== undefined) connection.serveEgress((socket) => egress.handle(socket));
  }

  async info(options: CallOptions = {}): Promise<SandboxInfo> {
    const facts = await this.#inspect(options);
    if (facts.status !== "running") return sandboxInfo(facts);
    try {
      const [leaseEndsAt, resources] = await Promise.all([
        this.#connection.leaseEndsAt(options),
        this.#connection.resources(options),
      ]);
      return { ...sandboxInfo(facts), leaseEndsAt, resources };
    } catch (error) {
      // It may have stopped between the two looks at it, which is an answer and not a failure.
      const after = await this.#inspect(options);
      if (after.status === "running") throw error;
      return sandboxInfo(after);
    }
  }

  #inspect({ signal }: CallOptions): Promise<ContainerFacts> {
    const looking = { doing: "looking at the container", timeoutMs: inspectTimeoutMs, signal };
    return withDeadline(looking, (unwanted) => inspectSandbox(this.#engine, this.id, unwanted));
  }

  spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<SandboxProcess> {
    return this.#connection.spawn(argv, options);
  }

  async processes(options?: CallOptions): Promise<readonly ProcessInfo[]> {
    return (await this.#connection.processes(options)).filter(({ tag }) => tag !== readBackTag);
  }

  attach(processId: string, fromOffset: number, options?: CallOptions): Promise<SandboxProcess> {
    return this.#connection.attach(processId, fromOffset, options);
  }

  async extend(ttlMs: number, options?: CallOptions): Promise<Date> {
    checkTtl(ttlMs, "lease");
    return this.#connection.extend(ttlMs, options);
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

  async pause(options: CallOptions = {}): Promise<void> {
    await this.#connection.holdLease(options);
    await pauseContainer(this.#engine, this.id, options.signal);
    await this.close();
  }

  async snapshot(options: CallOptions = {}): Promise<Template> {
    const facts = await this.#inspect(options);
    const snapshot = (): Promise<Template> => snapshotContainer(this.#engine, facts, options.signal);
    return facts.status === "running" ? this.#connection.whileStopped(snapshot, options) : snapshot();
  }

  async close(): Promise<void> {
    await Promise.all([this.#egress?.close(), this.#connection.close()]);
  }

  async destroy(options: CallOptions = {}): Promise<void> {
    const { signal } = options;
    try {
      await removeContainer(this.#engine, this.id, { signal });
    } finally {
      await this.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#created ? this.destroy() : this.close());
  }
}

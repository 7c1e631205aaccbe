import {
  type CallOptions,
  type FileChange,
  type ProcessInfo,
  type Sandbox,
  type SandboxEndpoint,
  type SandboxFiles,
  type SandboxInfo,
  SandboxNotFoundError,
  type SandboxProcess,
  type SandboxStats,
  type SandboxTerminal,
  type SpawnOptions,
  type Template,
  type TerminalOptions,
  type WatchOptions,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { Sandbox as InsideSandbox } from "e2b";
import { checkTtl } from "./check-spec.ts";
import type { E2bApi } from "./e2b-api.ts";
import { findSandbox } from "./find-sandbox.ts";
import { LinkedFiles } from "./linked-files.ts";
import { LinkedProcess } from "./linked-process.ts";
import { paused } from "./network-rules.ts";
import { openSandboxDoor } from "./open-sandbox-door.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { snapshotTemplate } from "./snapshot-template.ts";
import { SupervisorLink } from "./supervisor-link.ts";

export interface E2bSandboxOptions {
  readonly api: E2bApi;
  /** The SDK's handle. */
  readonly inside: InsideSandbox;
  readonly connection: SupervisorConnection;
  /** Opens the door of its supervisor. */
  readonly doorToken: string;
  /** Whether disposing of the handle destroys the sandbox. */
  readonly created: boolean;
  readonly modelUrls: Readonly<Record<string, string>>;
}

/** A handle on an E2B sandbox that runs: its life by E2B's control plane, what happens inside by the supervisor. */
export class E2bSandbox implements Sandbox {
  readonly id: string;
  readonly providerId = "e2b";
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  readonly #options: E2bSandboxOptions;
  readonly #link: SupervisorLink;

  constructor(options: E2bSandboxOptions) {
    const { api, inside, connection, doorToken, modelUrls } = options;
    this.id = inside.sandboxId;
    this.modelUrls = modelUrls;
    this.#options = options;
    this.#link = new SupervisorLink(connection, (call) => openSandboxDoor(api, inside, doorToken, call));
    this.files = new LinkedFiles(this.#link);
  }

  async info(options: CallOptions = {}): Promise<SandboxInfo> {
    const found = await this.#look(options);
    if (found.state !== "running") return found;
    try {
      const connection = await this.#link.connection(options);
      const [leaseEndsAt, limits] = await Promise.all([connection.leaseEndsAt(options), connection.resources(options)]);
      return { ...found, leaseEndsAt, resources: { ...limits, ...found.resources } };
    } catch (error) {
      // It may have stopped between the two looks at it, which is an answer and not a failure.
      const after = await this.#look(options);
      if (after.state === "running") throw error;
      return after;
    }
  }

  async #look(options: CallOptions): Promise<SandboxInfo> {
    const facts = await findSandbox(this.#options.api, this.id, options);
    if (facts !== undefined) return sandboxInfo(facts);
    throw new SandboxNotFoundError(`The E2B sandbox ${this.id} is gone`, { providerId: this.providerId });
  }

  async spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<SandboxProcess> {
    const process = await (await this.#connection(options)).spawn(argv, options);
    return new LinkedProcess(this.#link, process, 0);
  }

  async processes(options?: CallOptions): Promise<readonly ProcessInfo[]> {
    return (await this.#connection(options)).processes(options);
  }

  async attach(processId: string, fromOffset: number, options?: CallOptions): Promise<SandboxProcess> {
    const process = await (await this.#connection(options)).attach(processId, fromOffset, options);
    return new LinkedProcess(this.#link, process, fromOffset);
  }

  async extend(ttlMs: number, options: CallOptions = {}): Promise<Date> {
    checkTtl(ttlMs);
    // First where it fails without a trace when the sandbox has stopped: E2B's time-out of one that is paused is left alone.
    const endsAt = await (await this.#connection(options)).extend(ttlMs, options);
    await this.#options.api.call("extending the lease", options, ({ Sandbox }, call) =>
      Sandbox.setTimeout(this.id, ttlMs, call),
    );
    return endsAt;
  }

  async quiesce(options?: CallOptions): Promise<void> {
    await (await this.#connection(options)).quiesce(options);
  }

  async stats(options?: CallOptions): Promise<SandboxStats> {
    return (await this.#connection(options)).stats(options);
  }

  async pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal> {
    return (await this.#connection(options)).pty(argv, options);
  }

  async endpoint(port: number, options?: CallOptions): Promise<SandboxEndpoint> {
    return (await this.#connection(options)).endpoint(port, options);
  }

  async watch(path: string, options?: WatchOptions): Promise<AsyncIterable<FileChange>> {
    return (await this.#connection(options)).watch(path, options);
  }

  async pause(options: CallOptions = {}): Promise<void> {
    const { api } = this.#options;
    await (await this.#connection(options)).holdLease(options);
    await api.call("pausing the sandbox", options, async ({ Sandbox }, call) => {
      await Sandbox.updateNetwork(this.id, paused, call);
      await Sandbox.pause(this.id, call);
    });
    await this.close();
  }

  async snapshot(options: CallOptions = {}): Promise<Template> {
    const connection = await this.#connection(options);
    return connection.whileStopped(() => snapshotTemplate(this.#options.api, this.id, options), options);
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async destroy(options: CallOptions = {}): Promise<void> {
    await this.#options.api.call("removing the sandbox", options, ({ Sandbox }, call) => Sandbox.kill(this.id, call));
    await this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#options.created ? this.destroy() : this.close());
  }

  #connection(options: CallOptions | undefined): Promise<SupervisorConnection> {
    return this.#link.connection(options?.signal === undefined ? {} : { signal: options.signal });
  }
}

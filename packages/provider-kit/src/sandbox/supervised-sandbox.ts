import { setTimeout as delay } from "node:timers/promises";
import type {
  AttachedTerminal,
  CallOptions,
  Capabilities,
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
import { checkTtl } from "../checks/check-ttl.ts";
import { unsupportedFeature } from "../checks/spec-errors.ts";
import { LinkedFiles } from "../connection/linked-files.ts";
import { LinkedProcess } from "../connection/linked-process.ts";
import { LinkedTerminal } from "../connection/linked-terminal.ts";
import { SupervisorLink } from "../connection/supervisor-link.ts";
import { connectStream } from "../connection/supervisor-stream.ts";
import { sandboxNotFound } from "../errors/sandbox-not-found.ts";
import type { ProviderIdentity } from "../provider-identity.ts";
import type { VendorCalls } from "../vendor-calls.ts";
import type { VendorInfo, VendorSandbox } from "../vendor-sandbox.ts";
import { probeTag } from "./check-workspace.ts";
import { extendLease } from "./extend-lease.ts";

/** A sandbox stops a moment after its supervisor: when to look again, in milliseconds after the last look. */
const looksAfterMs = [0, 50, 200, 750];

export interface SupervisedSandboxOptions {
  readonly provider: ProviderIdentity;
  readonly capabilities: Capabilities;
  readonly calls: VendorCalls;
  readonly vendor: VendorSandbox;
  readonly connection: SupervisorConnection;
  /** Whether disposing of the handle destroys the sandbox. */
  readonly created: boolean;
  /** The egress that this handle serves until it is closed. */
  readonly egress?: SandboxEgress | undefined;
  readonly modelUrls: Readonly<Record<string, string>>;
}

/** A handle on a sandbox that runs: the vendor's part through `VendorSandbox`, all inside it over its supervisor. */
export class SupervisedSandbox implements Sandbox {
  readonly id: string;
  readonly providerId: string;
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  readonly #options: SupervisedSandboxOptions;
  readonly #link: SupervisorLink;

  constructor(options: SupervisedSandboxOptions) {
    const { provider, vendor, connection, modelUrls } = options;
    this.id = vendor.id;
    this.providerId = provider.id;
    this.modelUrls = modelUrls;
    this.#options = options;
    this.#prepare(connection);
    this.#link = new SupervisorLink({ provider, connection, reopen: (call) => this.#reopen(call) });
    this.files = new LinkedFiles(this.#link);
  }

  async info(options: CallOptions = {}): Promise<SandboxInfo> {
    const found = await this.#look(options);
    if (found.state !== "running") return this.#withProvider(found);
    try {
      return this.#withProvider({ ...found, ...(await this.#insideInfo(found, options)) });
    } catch (error) {
      for (const ms of looksAfterMs) {
        if (ms > 0) await delay(ms);
        const after = await this.#look(options);
        if (after.state !== "running") return this.#withProvider(after);
      }
      throw error;
    }
  }

  async spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<SandboxProcess> {
    const process = await (await this.#connection(options)).spawn(argv, options);
    return new LinkedProcess(this.#link, process, 0);
  }

  async processes(options?: CallOptions): Promise<readonly ProcessInfo[]> {
    const found = await (await this.#connection(options)).processes(options);
    return found.filter(({ tag }) => tag !== probeTag);
  }

  async attach(processId: string, fromOffset: number, options?: CallOptions): Promise<SandboxProcess> {
    const process = await (await this.#connection(options)).attach(processId, fromOffset, options);
    return new LinkedProcess(this.#link, process, fromOffset);
  }

  async attachTerminal(processId: string, fromOffset: number, options?: CallOptions): Promise<AttachedTerminal> {
    this.#assertClaimed("pty");
    const terminal = await (await this.#connection(options)).attachTerminal(processId, fromOffset, options);
    return new LinkedTerminal(this.#link, terminal, fromOffset);
  }

  async extend(ttlMs: number, options: CallOptions = {}): Promise<Date> {
    const { provider, capabilities, vendor, calls } = this.#options;
    checkTtl(provider, ttlMs, capabilities);
    return calls.run("extending the lease", options, async () =>
      extendLease(vendor, { connection: () => this.#connection(options), ttlMs, ...options }),
    );
  }

  async quiesce(options?: CallOptions): Promise<void> {
    await (await this.#connection(options)).quiesce(options);
  }

  async stats(options?: CallOptions): Promise<SandboxStats> {
    this.#assertClaimed("stats");
    return (await this.#connection(options)).stats(options);
  }

  async pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal> {
    this.#assertClaimed("pty");
    return (await this.#connection(options)).pty(argv, options);
  }

  async endpoint(port: number, options?: CallOptions): Promise<SandboxEndpoint> {
    this.#assertClaimed("endpoint");
    return (await this.#connection(options)).endpoint(port, options);
  }

  async watch(path: string, options?: WatchOptions): Promise<AsyncIterable<FileChange>> {
    this.#assertClaimed("watch");
    return (await this.#connection(options)).watch(path, options);
  }

  async pause(options: CallOptions = {}): Promise<void> {
    const { vendor, calls } = this.#options;
    this.#assertClaimed("pause");
    await (await this.#connection(options)).holdLease(options);
    await calls.run("pausing the sandbox", options, async () => vendor.pause?.(options));
    await this.close();
  }

  async snapshot(options: CallOptions = {}): Promise<Template> {
    const { vendor, calls } = this.#options;
    this.#assertClaimed("snapshot");
    const info = await this.#look(options);
    const take = (): Promise<Template> =>
      calls.run("taking a snapshot", options, async () => {
        const template = await vendor.snapshot?.(options, info);
        if (template === undefined) throw this.#unsupported("snapshot");
        return { ...template, providerId: this.providerId };
      });
    return info.state === "running" ? (await this.#connection(options)).whileStopped(take, options) : take();
  }

  async close(): Promise<void> {
    await Promise.all([this.#options.egress?.close(), this.#link.close()]);
  }

  async destroy(options: CallOptions = {}): Promise<void> {
    const { vendor, calls } = this.#options;
    try {
      await calls.run("removing the sandbox", options, () => vendor.destroy(options));
    } finally {
      await this.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#options.created ? this.destroy() : this.close());
  }

  #look(options: CallOptions): Promise<VendorInfo> {
    const { provider, vendor, calls } = this.#options;
    return calls.run("looking at the sandbox", options, async () => {
      const info = await vendor.info(options);
      if (info === undefined) throw sandboxNotFound(provider, this.id);
      return info;
    });
  }

  /** What only the supervisor knows; a limit that the vendor reports wins. */
  async #insideInfo(found: VendorInfo, options: CallOptions): Promise<Partial<VendorInfo>> {
    const connection = await this.#connection(options);
    const isVendors = this.#options.vendor.lease?.keptBy === "vendor";
    const [resources, leaseEndsAt] = await Promise.all([
      connection.resources(options),
      isVendors ? undefined : connection.leaseEndsAt(options),
    ]);
    return { resources: { ...resources, ...found.resources }, ...(leaseEndsAt && { leaseEndsAt }) };
  }

  #withProvider(info: VendorInfo): SandboxInfo {
    return { ...info, providerId: this.providerId };
  }

  #connection(options: CallOptions | undefined): Promise<SupervisorConnection> {
    return this.#link.connection(options?.signal === undefined ? {} : { signal: options.signal });
  }

  async #reopen(call: CallOptions): Promise<SupervisorConnection> {
    const { provider, vendor, calls } = this.#options;
    const connection = await calls.run("connecting to the sandbox", call, async () =>
      connectStream(provider, await vendor.openStream(call), call),
    );
    this.#prepare(connection);
    return connection;
  }

  #prepare(connection: SupervisorConnection): void {
    const { vendor, egress } = this.#options;
    if (vendor.readLargeDirectory) connection.readLargeDirectories(vendor.readLargeDirectory);
    if (egress) connection.serveEgress((socket) => egress.handle(socket));
  }

  #assertClaimed(capability: "stats" | "pty" | "endpoint" | "watch" | "pause" | "snapshot"): void {
    if (!this.#options.capabilities[capability]) throw this.#unsupported(capability);
  }

  #unsupported(capability: string): Error {
    return unsupportedFeature(this.#options.provider, capability, "Choose a provider that supports it.");
  }
}

import type {
  CallOptions,
  EgressPolicy,
  PrepareOptions,
  Resources,
  SandboxInfo,
  Template,
} from "@glovebox/core/provider";
import type { LargeDirectoryReader, SupervisorConnection } from "@glovebox/supervisor";
import type { SupervisorStream } from "./connection/supervisor-stream.ts";

/** What the vendor alone knows of a sandbox. Everything that it does not know is absent. */
export type VendorInfo = Omit<SandboxInfo, "providerId">;

/** A template as the provider makes it; the kit adds whose it is. */
export type VendorTemplate = Omit<Template, "providerId">;

/** How a vendor prepares a template. */
export interface VendorPrepareOptions extends PrepareOptions {
  /** Proves that the harnesses of the spec run, in a sandbox of this template. Rejects with `template`. */
  readonly checkLayers: (template: VendorTemplate) => Promise<void>;
}

/** How a vendor starts the supervisor in a sandbox. */
export interface StartOptions extends CallOptions {
  /** The lease that the sandbox starts with, in milliseconds from now. */
  readonly ttlMs: number;
  /** For `VendorEgress`: what a sandbox that is woken may reach from here on; nothing when absent. */
  readonly egress?: EgressPolicy;
}

/** The lease where the vendor keeps one, too. */
export interface VendorLease {
  /**
   * `vendor`: the supervisor's lease plays no part, and `VendorInfo.leaseEndsAt` is the lease's end. `both`: the
   * supervisor's is the exact one, set before the vendor's.
   */
  readonly keptBy: "vendor" | "both";
  /** Sets the vendor's lease to end `ttlMs` from now, and resolves to that moment. */
  extend(ttlMs: number, call: CallOptions): Promise<Date>;
}

/**
 * One sandbox at the vendor: all that differs between vendors. What happens inside it the kit does over the supervisor.
 * Every `CallOptions.signal` ends the call; failures that are no `SandboxError` go through the provider's `mapError`.
 */
export interface VendorSandbox {
  /** The id by which `connect`, `list` and `destroy` know it. */
  readonly id: string;
  /** Reads what the vendor knows of it. `undefined`, or an error `not-found`, when it certainly does not exist any more. */
  info(call: CallOptions): Promise<VendorInfo | undefined>;
  /** Opens a byte stream to the supervisor of the sandbox, which runs: for the first connection, and after one broke. */
  openStream(call: CallOptions): Promise<SupervisorStream>;
  /**
   * Starts the sandbox that `create` made, or that has stopped or is paused, and opens a stream to its supervisor. Without
   * it `create` makes sandboxes that run, and none can be woken.
   */
  start?(options: StartOptions): Promise<SupervisorStream>;
  /**
   * Stops or pauses it again after it was woken and something failed, as far as that is possible. `connection` is the one
   * to its supervisor, where there was one; the kit closes it.
   */
  undoStart?(connection: SupervisorConnection | undefined): Promise<void>;
  /** Removes it. Resolves when it is confirmed gone, also when it was gone before. */
  destroy(call: CallOptions): Promise<void>;
  /** Freezes everything that runs. For the capability `pause`. */
  pause?(call: CallOptions): Promise<void>;
  /** Makes a template of its files. No process of its user runs meanwhile. For the capability `snapshot`. */
  snapshot?(call: CallOptions, info: VendorInfo): Promise<VendorTemplate>;
  /** For `VendorEgress`: sets what it may reach from here on, while it runs. */
  setEgress?(policy: EgressPolicy, call: CallOptions): Promise<void>;
  /** Absent where the supervisor alone keeps the lease. */
  readonly lease?: VendorLease;
  /** A faster way to read a large directory of the sandbox than through the supervisor. */
  readonly readLargeDirectory?: LargeDirectoryReader;
}

/** What `ProviderDefinition.create` resolves to. */
export interface CreatedSandbox {
  readonly sandbox: VendorSandbox;
  /** The state of the one that an earlier call with the same idempotency key has made; absent for a new one. */
  readonly existing?: VendorInfo;
  /** Limits that the kit reads back from inside; by default those of the spec. Leave out what the kernel does not show. */
  readonly limits?: Resources;
}

/** What `ProviderDefinition.find` resolves to. */
export interface FoundSandbox {
  readonly sandbox: VendorSandbox;
  readonly info: VendorInfo;
}

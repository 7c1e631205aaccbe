import {
  type Capabilities,
  CapabilityUnsupportedError,
  type Resources,
  type SandboxSpec,
  type SandboxState,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { z } from "zod";
import {
  defineProvider,
  keyDigest,
  type VendorEgress,
  type VendorInfo,
  type VendorLease,
  type VendorSandbox,
} from "../src/index.ts";

export const capabilities: Capabilities = {
  templates: { image: true, dockerfile: false },
  resources: {
    cpus: true,
    memoryMiB: true,
    pids: false,
    diskMiB: false,
    openFiles: false,
    tmpMiB: false,
    shmMiB: false,
  },
  egress: {
    modes: ["none", "sealed"],
    hosts: true,
    ports: true,
    credentials: true,
    paths: true,
    audit: true,
    metering: true,
  },
  mounts: false,
  rootInside: false,
  wake: true,
  stats: true,
  pty: false,
  endpoint: false,
  pause: true,
  snapshot: true,
  watch: false,
  maxTtlMs: 3_600_000,
};

export const template = { providerId: "fake", reference: "base", digest: "sha256:base", reused: true };

export function specOf(changes: Partial<SandboxSpec> = {}): SandboxSpec {
  return {
    template,
    labels: { "glovebox.owner": "me", "glovebox.run": "run-1" },
    ttlMs: 60_000,
    env: {},
    egress: { mode: "none", models: [] },
    idempotencyKey: "key-1",
    ...changes,
  };
}

const vendorEgress: VendorEgress = {
  check: ({ deny }) => {
    if (deny !== undefined) throw new CapabilityUnsupportedError("no rules to deny", { providerId: "fake" });
  },
  modelUrls: ({ models }) => Object.fromEntries(models.map(({ id, upstream }) => [id, upstream])),
};

interface Machine {
  readonly labels: Readonly<Record<string, string>>;
  state: SandboxState;
}

export interface FakeVendorOptions {
  /** Where the lease is kept. Default: by the supervisor alone. */
  readonly lease?: VendorLease["keptBy"];
  /** Whether the vendor enforces the egress. */
  readonly egress?: boolean;
}

/** A vendor in memory, whose supervisors answer what they are set to. */
export class FakeVendor {
  readonly #options: FakeVendorOptions;
  readonly machines = new Map<string, Machine>();
  readonly log: string[] = [];
  /** What the supervisor reads of the limits. */
  limits: Resources = {};
  /** Thrown by the named operation. */
  readonly failures = new Map<string, Error>();
  readonly connections: FakeConnection[] = [];

  readonly defined;

  constructor(options: FakeVendorOptions = {}) {
    this.#options = options;
    this.defined = this.define();
  }

  private define() {
    return defineProvider({
      id: "fake",
      name: "Fake",
      capabilities,
      settings: z.object({ region: z.string().optional(), token: z.string().min(8).optional() }),
      open: (settings) => ({ ...settings, vendor: this }),
      bounds: { memoryMiB: [128, 1024] },
      preflight: async () => {
        this.act("preflight");
        return { findings: [{ name: "vendor", status: "ok", message: "answers" }] };
      },
      plan: (_context, { resources }) => {
        this.act("plan");
        return { memoryMiB: resources?.memoryMiB ?? 256 };
      },
      prepare: async () => ({ reference: "base", digest: "sha256:base", reused: true }),
      create: async (_context, { spec, plan }) => {
        this.act(`create ${plan.memoryMiB}`);
        const id = keyDigest(spec.idempotencyKey).slice(0, 12);
        const existing = this.machines.get(id);
        if (existing === undefined) this.machines.set(id, { labels: spec.labels, state: "starting" });
        const sandbox = this.sandbox(id);
        return existing === undefined ? { sandbox } : { sandbox, existing: this.info(id) };
      },
      find: async (_context, id) => {
        this.act("find");
        if (!this.machines.has(id)) return undefined;
        const sandbox = this.sandbox(id);
        return { sandbox, info: this.info(id) };
      },
      list: async function* (this: void, { vendor }) {
        for (const id of vendor.machines.keys()) yield vendor.info(id);
      },
      ...(this.#options.egress && { egress: vendorEgress }),
    });
  }

  sandbox(id: string): VendorSandbox {
    return {
      id,
      info: async () => this.info(id),
      openStream: async () => this.connect("openStream"),
      start: async ({ ttlMs, egress }) => {
        this.machine(id).state = "running";
        return this.connect(egress === undefined ? `start ${ttlMs}` : `start ${ttlMs} ${egress.mode}`);
      },
      undoStart: async () => {
        this.act("undoStart");
        this.machine(id).state = "stopped";
      },
      destroy: async () => {
        this.act("destroy");
        this.machines.delete(id);
      },
      pause: async () => {
        this.act("pause");
        this.machine(id).state = "paused";
      },
      setEgress: async ({ mode }) => this.act(`setEgress ${mode}`),
      ...(this.#options.lease && { lease: this.lease(this.#options.lease) }),
      snapshot: async () => ({ reference: `snapshot-of-${id}`, digest: "sha256:snapshot", reused: false }),
    };
  }

  /** Notes an operation, and fails it where it is to fail. */
  act(operation: string): void {
    this.log.push(operation);
    const failure = this.failures.get(operation.split(" ")[0] ?? "");
    if (failure) throw failure;
  }

  private lease(keptBy: VendorLease["keptBy"]): VendorLease {
    return {
      keptBy,
      extend: async (ttlMs) => {
        this.act(`extendVendor ${ttlMs}`);
        return new Date(2 * ttlMs);
      },
    };
  }

  private machine(id: string): Machine {
    const machine = this.machines.get(id);
    if (machine === undefined) throw new Error(`no machine ${id}`);
    return machine;
  }

  info(id: string): VendorInfo {
    const { labels, state } = this.machine(id);
    const vendors = this.#options.lease === "vendor" && { leaseEndsAt: new Date(2000) };
    return { id, labels, state, createdAt: new Date(0), rootInside: false, ...vendors };
  }

  private connect(operation: string): SupervisorConnection {
    this.act(operation);
    const connection = new FakeConnection(this);
    this.connections.push(connection);
    // Only what the kit calls in these tests is there.
    return connection as unknown as SupervisorConnection;
  }
}

/** As much of a supervisor's connection as the tests need. */
export class FakeConnection {
  readonly #vendor: FakeVendor;
  readonly closed: Promise<void>;
  break: () => void = () => {};

  constructor(vendor: FakeVendor) {
    this.#vendor = vendor;
    this.closed = new Promise((resolve) => {
      this.break = resolve;
    });
  }

  async configure(): Promise<void> {
    this.#vendor.act("configure");
  }

  async extend(ttlMs: number): Promise<Date> {
    this.#vendor.act(`extend ${ttlMs}`);
    return new Date(ttlMs);
  }

  async holdLease(): Promise<void> {
    this.#vendor.act("holdLease");
  }

  async resources(): Promise<Resources> {
    return this.#vendor.limits;
  }

  async leaseEndsAt(): Promise<Date> {
    return new Date(1000);
  }

  async processes(): Promise<readonly object[]> {
    return [];
  }

  async whileStopped<T>(work: () => Promise<T>): Promise<T> {
    this.#vendor.act("whileStopped");
    return work();
  }

  serveEgress(): void {}

  async close(): Promise<void> {
    this.break();
  }
}

import { type CallOptions, InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { StartOptions, VendorInfo, VendorLease, VendorSandbox, VendorTemplate } from "@glovebox/provider-kit";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { V1Pod } from "@kubernetes/client-node";
import { clusterIdentity } from "./cluster/cluster-identity.ts";
import type { KubernetesContext } from "./kubernetes-context.ts";
import { claimOf, hasEnded } from "./pod/pod-facts.ts";
import { formatSandboxId, type PodAddress } from "./pod/sandbox-id.ts";
import { connectAwake } from "./sandbox/connect-awake.ts";
import { lookUpSandbox } from "./sandbox/look-up-sandbox.ts";
import { endOf } from "./sandbox/pod-failure.ts";
import { recordLease } from "./sandbox/record-lease.ts";
import { removeSandbox } from "./sandbox/remove-sandbox.ts";
import { startPod } from "./sandbox/start-pod.ts";
import { snapshotSandbox } from "./snapshot/snapshot-sandbox.ts";

/** What puts a sandbox to sleep again: the shortest lease. */
const shortestTtlMs = 1;

export interface PodSandboxOptions {
  readonly context: KubernetesContext;
  readonly address: PodAddress;
  /** The pod as it was last seen; `undefined` where only its volume is left. */
  readonly pod: V1Pod | undefined;
  /** Whether its files are on a volume. */
  readonly hasClaim: boolean;
  /** Called once it has started. */
  readonly onStarted?: (() => Promise<void>) | undefined;
}

/** A sandbox as a pod. */
export class PodSandbox implements VendorSandbox {
  readonly id: string;
  readonly lease: VendorLease = { keptBy: "both", extend: (ttlMs, call) => this.#extend(ttlMs, call) };
  readonly #context: KubernetesContext;
  readonly #address: PodAddress;
  readonly #hasClaim: boolean;
  readonly #onStarted: (() => Promise<void>) | undefined;
  #pod: V1Pod | undefined;

  constructor({ context, address, pod, hasClaim, onStarted }: PodSandboxOptions) {
    this.id = formatSandboxId(address);
    this.#context = context;
    this.#address = address;
    this.#pod = pod;
    this.#hasClaim = hasClaim;
    this.#onStarted = onStarted;
  }

  static of(context: KubernetesContext, pod: V1Pod, onStarted?: () => Promise<void>): PodSandbox {
    const { name = "", namespace = "" } = pod.metadata ?? {};
    const hasClaim = claimOf(pod) !== undefined;
    return new PodSandbox({ context, address: { name, namespace }, pod, hasClaim, onStarted });
  }

  async info(call: CallOptions): Promise<VendorInfo> {
    const found = await lookUpSandbox(this.#context.cluster, this.#address, { mayHaveClaim: this.#hasClaim, ...call });
    if (found === undefined || found === "foreign") throw gone(this.id);
    const { pod, info } = found;
    if (pod !== undefined && hasEnded(pod) && !this.#hasClaim) throw endOf(pod);
    return info;
  }

  openStream(call: CallOptions): Promise<SupervisorConnection> {
    if (this.#pod === undefined) throw gone(this.id);
    return connectAwake(this.#context.cluster, this.#pod, call);
  }

  async start(options: StartOptions): Promise<SupervisorConnection> {
    const { pod, connection } = await startPod(this.#context, { address: this.#address, pod: this.#pod, ...options });
    this.#pod = pod;
    await this.#onStarted?.();
    return connection;
  }

  async undoStart(connection: SupervisorConnection | undefined): Promise<void> {
    await connection?.extend(shortestTtlMs);
  }

  async destroy({ signal }: CallOptions): Promise<void> {
    // A pod that was created again on the same volume is the same sandbox.
    const uid = this.#hasClaim ? undefined : this.#pod?.metadata?.uid;
    const options = { uid, hasClaim: this.#hasClaim };
    await removeSandbox(this.#context.cluster, this.#address, { ...options, ...(signal && { signal }) });
  }

  snapshot(call: CallOptions): Promise<VendorTemplate> {
    return snapshotSandbox(this.#context, this.#pod, call);
  }

  async #extend(ttlMs: number, call: CallOptions): Promise<Date> {
    const endsAt = this.#checkLife(ttlMs);
    if (this.#hasClaim) await recordLease(this.#context.cluster, this.#address, { endsAt, ...call });
    return endsAt;
  }

  /** A lease may not be longer than its pod may live: the cluster would end it in the middle. */
  #checkLife(ttlMs: number): Date {
    const { spec, status } = this.#pod ?? {};
    const endsAt = new Date(Date.now() + ttlMs);
    const startedAt = status?.startTime;
    if (spec?.activeDeadlineSeconds === undefined || startedAt === undefined) return endsAt;
    const leftMs = new Date(startedAt).getTime() + spec.activeDeadlineSeconds * 1000 - Date.now();
    if (ttlMs <= leftMs) return endsAt;
    const minutes = Math.max(0, Math.floor(leftMs / 60_000));
    throw new InvalidOptionsError(`Invalid lease of ${ttlMs} ms: the pod may live for ${minutes} more minutes`, {
      providerId: clusterIdentity.id,
      hint: "Create another sandbox, or raise maxLifeHours for new ones.",
    });
  }
}

function gone(id: string): SandboxNotFoundError {
  return new SandboxNotFoundError(`The Kubernetes sandbox ${id} does not exist`, { providerId: clusterIdentity.id });
}

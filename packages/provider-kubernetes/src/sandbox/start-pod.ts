import { type CallOptions, CapabilityUnsupportedError, dropUndefined } from "@glovebox/core/provider";
import type { SealReport, SupervisorConnection } from "@glovebox/supervisor";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { checkAdmitted } from "../pod/check-admitted.ts";
import { claimOf, sandboxStatus, wakesOf } from "../pod/pod-facts.ts";
import { podAnnotations } from "../pod/pod-names.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";
import { connectToPod } from "./connect-awake.ts";
import { recordLease } from "./record-lease.ts";
import { remakePod } from "./remake-pod.ts";
import { waitUntilRunning } from "./wait-until-running.ts";

export interface StartPodOptions extends CallOptions {
  readonly address: PodAddress;
  /** The pod as it was last seen; `undefined` where only its volume is left. */
  readonly pod: V1Pod | undefined;
  readonly ttlMs: number;
}

export interface StartedPod {
  readonly pod: V1Pod;
  readonly connection: SupervisorConnection;
}

/** What puts a supervisor to sleep again. */
const shortestTtlMs = 1;

/**
 * Waits for the pod, connects to its supervisor, which is asleep, sets its lease, and only then says in the pod that it is awake:
 * whoever is killed in between leaves a sandbox that counts as stopped.
 */
export async function startPod(context: KubernetesContext, options: StartPodOptions): Promise<StartedPod> {
  const { address, ttlMs, signal } = options;
  const { cluster, settings } = context;
  const call = dropUndefined({ signal });
  const requested = await remakePod(context, address, options.pod, call);
  const uid = requested.metadata?.uid;
  const wakes = wakesOf(requested);
  const pod = await waitUntilRunning(cluster, address, { settings, uid, restartsAbove: wakes, ...call });
  checkAdmitted(pod);
  const connection = await connectToPod(cluster, pod, call);
  try {
    const endsAt = await connection.extend(ttlMs, call);
    if (claimOf(pod) !== undefined) await recordLease(cluster, address, { endsAt, ...call });
    assertSealed(await connection.seal(call));
    return { pod: await markAwake(cluster, pod, call), connection };
  } catch (error) {
    await connection.extend(shortestTtlMs).catch(() => {
      // Then its lease ends by itself.
    });
    await connection.close();
    throw error;
  }
}

async function markAwake(cluster: Cluster, pod: V1Pod, call: CallOptions): Promise<V1Pod> {
  const { name = "", namespace = "", uid } = pod.metadata ?? {};
  const wakes = String(sandboxStatus(pod)?.restartCount ?? 0);
  // Of this pod alone: the API server refuses the uid of another one.
  const body = { metadata: { uid, annotations: { [podAnnotations.wakes]: wakes } } };
  return cluster.call("starting the sandbox", call, ({ core }) => core.patchNamespacedPod({ name, namespace, body }));
}

function assertSealed({ answered, interfaces }: SealReport): void {
  if (answered.length === 0) return;
  throw new CapabilityUnsupportedError(`The sandbox's network is not shut: ${answered.join(", ")} answered`, {
    providerId: clusterIdentity.id,
    hint:
      interfaces.length > 0
        ? "The cluster does not enforce NetworkPolicy: use a network plug-in that does, or a namespace that allows an init container with NET_ADMIN."
        : "Look at what the pod's network namespace is.",
  });
}

import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxError } from "@glovebox/core/provider";
import { withDeadline } from "@glovebox/provider-kit";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { reasonOf } from "../cluster/cluster-errors.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { claimOf, haveContainersEnded, isNodeSilent } from "../pod/pod-facts.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";

/** A node with much to do takes more than a minute to end a pod. */
const removeTimeoutMs = 110_000;
/** How long a node that reports nothing is waited for: it may be busy, and the pod still runs. */
const silenceMs = 15_000;
const operation = "removing the pod";

export interface RemoveOptions extends CallOptions {
  /** Only the pod of this uid: one that has its name later is another sandbox's. */
  readonly uid?: string | undefined;
  /** Whether the sandbox may have a volume, which is removed as well. */
  readonly hasClaim: boolean;
}

/** Removes a sandbox's volume and pod. Resolves when the cluster confirms that both are gone, also when they were before. */
export async function removeSandbox(cluster: Cluster, address: PodAddress, options: RemoveOptions): Promise<void> {
  const { uid, hasClaim, signal } = options;
  await withDeadline(
    { provider: clusterIdentity, operation, timeoutMs: removeTimeoutMs, signal, retryable: true },
    async (cancelled) => {
      // The volume first: it goes with its pod, and a pod that is gone must not leave it.
      if (hasClaim) await deleteClaim(cluster, address, cancelled);
      await removePod(cluster, address, { uid, signal: cancelled });
      if (hasClaim) await untilClaimGone(cluster, address, cancelled);
    },
  );
}

/** Removes a pod alone, and resolves when it is gone. */
export async function removePod(
  cluster: Cluster,
  address: PodAddress,
  { uid, signal }: { readonly uid?: string | undefined; readonly signal: AbortSignal },
): Promise<void> {
  if (!(await deletePod(cluster, address, { uid, signal }))) return;
  let last: V1Pod | undefined;
  // A failure changes nothing: the node removes it later.
  const force = (): void => void deletePod(cluster, address, { uid, signal, force: true }).catch(() => {});
  const timer = setInterval(() => {
    // A node that is lost never confirms it.
    if (last !== undefined && isNodeSilent(last)) force();
  }, silenceMs);
  try {
    for await (const pod of cluster.watchPod(address, { signal })) {
      if (pod === undefined || (uid !== undefined && pod.metadata?.uid !== uid)) return;
      last = pod;
      // Nothing runs any more. Older nodes give the name free only at their next look around, up to 10 seconds later.
      if (claimOf(pod) === undefined && haveContainersEnded(pod)) force();
    }
  } finally {
    clearInterval(timer);
  }
}

interface DeleteOptions {
  readonly uid: string | undefined;
  readonly signal: AbortSignal;
  readonly force?: boolean;
}

/** False when there is nothing to delete. */
async function deletePod(cluster: Cluster, { namespace, name }: PodAddress, options: DeleteOptions): Promise<boolean> {
  const { uid, signal, force = false } = options;
  const body = {
    ...(uid !== undefined && { preconditions: { uid } }),
    ...(force && { gracePeriodSeconds: 0 }),
  };
  try {
    await cluster.call(operation, { signal }, ({ core }) => core.deleteNamespacedPod({ namespace, name, body }));
    return true;
  } catch (error) {
    // Another pod has the name.
    if (isMissing(error) || reasonOf(error) === "Conflict") return false;
    throw error;
  }
}

async function deleteClaim(cluster: Cluster, { namespace, name }: PodAddress, signal: AbortSignal): Promise<void> {
  await cluster
    .call("removing the volume", { signal }, ({ core }) =>
      core.deleteNamespacedPersistentVolumeClaim({ namespace, name }),
    )
    .catch(ifNotMissing);
}

async function untilClaimGone(cluster: Cluster, { namespace, name }: PodAddress, signal: AbortSignal): Promise<void> {
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1000)) {
    const found = await cluster
      .read("looking at the volume", { signal }, ({ core }) =>
        core.readNamespacedPersistentVolumeClaim({ namespace, name }),
      )
      .catch(ifNotMissing);
    if (found === undefined) return;
    await delay(waitMs, undefined, { signal });
  }
}

function ifNotMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === "not-found";
}

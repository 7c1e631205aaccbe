import { SandboxError } from "@glovebox/core/provider";
import type { V1ReplicaSet } from "@kubernetes/client-node";
import { reasonOf } from "../cluster/cluster-errors.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { manager, podLabels } from "../pod/pod-names.ts";
import { type PoolOptions, type PoolPods, poolPods } from "./pool-pod.ts";

const operation = "filling the pool";

/**
 * Has the cluster keep `size` pods of a class ready. A ReplicaSet does it: it creates another pod when a sandbox has taken one,
 * and when one fails.
 */
export async function ensurePool(context: KubernetesContext, options: PoolOptions, size: number): Promise<void> {
  const { cluster } = context;
  const { namespace } = options;
  const { poolClass, template } = poolPods(options);
  const name = poolName(poolClass);
  const found = await cluster
    .read("looking at the pool", {}, ({ apps }) => apps.readNamespacedReplicaSet({ namespace, name }))
    .catch(ifMissing);
  if (found === undefined) {
    const body = replicaSet(name, { poolClass, template }, size);
    await cluster
      .call(operation, {}, ({ apps }) => apps.createNamespacedReplicaSet({ namespace, body }))
      .catch((error: unknown) => {
        // Another process was faster.
        if (reasonOf(error) !== "AlreadyExists") throw error;
      });
  } else if (found.spec?.replicas !== size) {
    const body = { spec: { replicas: size } };
    await cluster.call(operation, {}, ({ apps }) => apps.patchNamespacedReplicaSet({ namespace, name, body }));
  }
}

/** The name of a pool's ReplicaSet. */
export function poolName(poolClass: string): string {
  return `glovebox-pool-${poolClass}`;
}

function replicaSet(name: string, { poolClass, template }: PoolPods, replicas: number): V1ReplicaSet {
  const labels = { [podLabels.managedBy]: manager, [podLabels.pool]: poolClass };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, labels },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

function ifMissing(error: unknown): undefined {
  if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
}

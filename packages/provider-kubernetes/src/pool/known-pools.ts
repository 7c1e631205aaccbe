import type { KubernetesContext } from "../kubernetes-context.ts";
import { containerName, manager, podLabels } from "../pod/pod-names.ts";

/** A pool as the cluster has it. */
export interface KnownPool {
  readonly name: string;
  readonly image: string;
  /** Pods that it should keep, and those that are ready now. */
  readonly size: number;
  readonly ready: number;
  readonly createdAt: Date;
}

/** The pools of the namespace, the newest first. */
export async function listPools({ cluster }: KubernetesContext): Promise<readonly KnownPool[]> {
  const { namespace } = await cluster.access();
  const labelSelector = `${podLabels.managedBy}=${manager},${podLabels.pool}`;
  const { items } = await cluster.read("listing the pools", {}, ({ apps }) =>
    apps.listNamespacedReplicaSet({ namespace, labelSelector }),
  );
  const pools = items.map(({ metadata, spec, status }) => ({
    name: metadata?.name ?? "",
    image: spec?.template?.spec?.containers.find(({ name }) => name === containerName)?.image ?? "",
    size: spec?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    createdAt: new Date(metadata?.creationTimestamp ?? 0),
  }));
  return pools.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** Removes a pool and the pods that wait in it. Those that sandboxes have taken are no longer its own. */
export async function removePool({ cluster }: KubernetesContext, name: string): Promise<void> {
  const { namespace } = await cluster.access();
  const body = { propagationPolicy: "Background" };
  await cluster.call("removing the pool", {}, ({ apps }) => apps.deleteNamespacedReplicaSet({ namespace, name, body }));
}

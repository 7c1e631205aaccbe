import type { V1Pod } from "@kubernetes/client-node";
import type { KubernetesContext } from "../kubernetes-context.ts";
import type { SealMode } from "../pod/pod-options.ts";
import type { PodRecord } from "../pod/pod-record.ts";
import { ensurePool } from "./ensure-pool.ts";
import type { PoolOptions } from "./pool-pod.ts";
import { takePod } from "./take-pod.ts";

/** A pod of a pool that is now the sandbox of this record; `undefined` where there is no pool or none of its pods is ready. */
export async function takeFromPool(
  context: KubernetesContext,
  namespace: string,
  record: PodRecord,
): Promise<V1Pod | undefined> {
  const { settings } = context;
  if (!hasPool(context)) return undefined;
  const podTemplate = await context.podTemplate();
  // A pool was filled in the mode in which a pod of the namespace has started, which this process may not know yet.
  const pool = (seal: SealMode): PoolOptions => ({ namespace, settings, podTemplate, seal, record });
  const { seal = "auto" } = settings;
  return takePod(context, seal === "auto" ? [pool("init"), pool("policy")] : [pool(seal)]);
}

/** Has the cluster keep pods ready for sandboxes like this one, which has started in this mode. */
export async function fillPool(
  context: KubernetesContext,
  namespace: string,
  record: PodRecord,
  seal: SealMode,
): Promise<void> {
  const { settings } = context;
  if (!hasPool(context)) return;
  const podTemplate = await context.podTemplate();
  await ensurePool(context, { namespace, settings, podTemplate, seal, record }, settings.poolSize ?? 0).catch(() => {
    // The sandbox does without; the preflight says which right is missing.
  });
}

function hasPool({ settings: { poolSize = 0, storageClass } }: KubernetesContext): boolean {
  return poolSize > 0 && storageClass === undefined;
}

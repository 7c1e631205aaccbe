import { SandboxError } from "@glovebox/core/provider";
import { mayHaveCreated } from "@glovebox/provider-kit";
import type { V1Pod } from "@kubernetes/client-node";
import { reasonOf } from "../cluster/cluster-errors.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { isNodeSilent, sandboxStatus } from "../pod/pod-facts.ts";
import { longestLifeMs, ownMetadata } from "../pod/pod-manifest.ts";
import { manager, podLabels } from "../pod/pod-names.ts";
import { readRecord } from "../pod/pod-record.ts";
import { readPod } from "../sandbox/read-pod.ts";
import { type PoolOptions, poolPods } from "./pool-pod.ts";

const operation = "taking a pod from the pool";
/** As many are looked at: others take some of them at the same moment. */
const candidates = 50;

/**
 * Takes a pod that is ready from one of the pools, and makes it the sandbox of their record. `undefined` where none is ready.
 * Never given up half way: a pod that was taken must be known.
 */
export async function takePod(
  context: KubernetesContext,
  pools: readonly [PoolOptions, ...PoolOptions[]],
): Promise<V1Pod | undefined> {
  const [first] = pools;
  const classes = pools.map((pool) => poolPods(pool).poolClass).join(",");
  const labelSelector = `${podLabels.managedBy}=${manager},${podLabels.pool} in (${classes})`;
  const { items } = await context.cluster.read("looking at the pool", {}, ({ core }) =>
    core.listNamespacedPod({ namespace: first.namespace, labelSelector, limit: candidates }),
  );
  for (const pod of shuffled(items.filter(isReady))) {
    const taken = await takeThis(context, first, pod);
    if (taken !== undefined) return taken;
  }
  return undefined;
}

/** Never used before, asleep and reachable. */
function isReady(pod: V1Pod): boolean {
  const status = sandboxStatus(pod);
  const isAsleep = status?.state?.running !== undefined && status.ready && status.restartCount === 0;
  return isAsleep && pod.metadata?.deletionTimestamp === undefined && !isNodeSilent(pod);
}

/** Takes this pod; `undefined` where somebody else was faster. The API server decides, by the pod's version. */
async function takeThis(context: KubernetesContext, options: PoolOptions, pod: V1Pod): Promise<V1Pod | undefined> {
  const { cluster, settings } = context;
  const { record, podTemplate } = options;
  const { name = "", namespace = "", uid, resourceVersion } = pod.metadata ?? {};
  const { labels, annotations } = ownMetadata(record, podTemplate);
  const waitedMs = Date.now() - new Date(pod.status?.startTime ?? Date.now()).getTime();
  const body = {
    metadata: { uid, resourceVersion, labels: { ...labels, [podLabels.pool]: null }, annotations },
    // Counted from the pod's start.
    spec: { activeDeadlineSeconds: Math.ceil((Math.max(0, waitedMs) + longestLifeMs(settings)) / 1000) },
  };
  try {
    return await cluster.call(operation, {}, ({ core }) => core.patchNamespacedPod({ name, namespace, body }));
  } catch (error) {
    if (["Conflict", "NotFound"].includes(reasonOf(error) ?? "")) return undefined;
    if (!SandboxError.isInstance(error) || !["timeout", "lost", "unavailable"].includes(error.code)) throw error;
    return ofLostAnswer(context, options, pod, error);
  }
}

/** After a request whose answer was lost: the pod where it was taken for this record. */
async function ofLostAnswer(
  { cluster }: KubernetesContext,
  { record }: PoolOptions,
  { metadata: { name = "", namespace = "" } = {} }: V1Pod,
  failure: SandboxError,
): Promise<V1Pod | undefined> {
  const found = await readPod(cluster, { name, namespace }, {}).catch(() => {
    throw mayHaveCreated(failure);
  });
  return readRecord(found?.metadata?.annotations)?.attempt === record.attempt ? found : undefined;
}

/** In another order for each process, so that several do not all want the same one. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

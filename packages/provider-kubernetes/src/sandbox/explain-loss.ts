import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { statusOf } from "../cluster/cluster-errors.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { claimOf, hasEnded } from "../pod/pod-facts.ts";
import { endOf } from "./pod-failure.ts";
import { readPod } from "./read-pod.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { stopped } from "./stopped.ts";

/** When to look again, in milliseconds after the last look: a node reports the end of a container within a second or two. */
const looksAfterMs = [0, 250, 500, 1000, 1000];

/** Why a supervisor could not be reached: what became of its pod, or the failure itself where the pod says nothing. */
export async function explainLoss(cluster: Cluster, pod: V1Pod, failure: unknown, call: CallOptions): Promise<unknown> {
  const { name = "", namespace = "", uid } = pod.metadata ?? {};
  if (!isUnclear(failure) || call.signal?.aborted) return failure;
  for (const ms of looksAfterMs) {
    if (ms > 0) await delay(ms);
    const found = await readPod(cluster, { name, namespace }, call).catch(() => pod);
    if (found === undefined || found.metadata?.uid !== uid) {
      if (claimOf(pod) !== undefined) return stopped(pod);
      return new SandboxNotFoundError(`The pod ${name} does not exist any more`, { providerId: clusterIdentity.id });
    }
    if (hasEnded(found)) return claimOf(found) === undefined ? endOf(found) : stopped(found);
    if (sandboxInfo(found)?.state === "stopped") return stopped(found);
  }
  return failure;
}

/** Not a refusal of the call itself, such as of its credentials. */
function isUnclear(failure: unknown): boolean {
  if (!SandboxError.isInstance(failure)) return false;
  if (failure.code === "lost" || failure.code === "not-found" || failure.code === "invalid-options") return true;
  return failure.code === "unavailable" && (statusOf(failure) ?? 0) >= 500;
}

import { type CallOptions, SandboxError } from "@glovebox/core/provider";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";

/** Reads a pod; `undefined` when it certainly does not exist. */
export async function readPod(cluster: Cluster, address: PodAddress, call: CallOptions): Promise<V1Pod | undefined> {
  try {
    return await cluster.read("looking at the pod", call, ({ core }) => core.readNamespacedPod({ ...address }));
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
    throw error;
  }
}

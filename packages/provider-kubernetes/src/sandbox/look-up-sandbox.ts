import { type CallOptions, SandboxError } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { claimOf } from "../pod/pod-facts.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";
import { readPod } from "./read-pod.ts";
import { sandboxInfo, volumeInfo } from "./sandbox-info.ts";

export interface LookUpOptions extends CallOptions {
  /** Whether the sandbox may be no more than a volume. */
  readonly mayHaveClaim: boolean;
}

/** A sandbox as the API server knows it. */
export interface LookedUpSandbox {
  /** `undefined` where only its volume is left. */
  readonly pod: V1Pod | undefined;
  readonly info: VendorInfo;
}

/** Looks a sandbox up. `foreign` for a pod or volume of that name that is not one of Glovebox's. */
export async function lookUpSandbox(
  cluster: Cluster,
  address: PodAddress,
  { mayHaveClaim, ...call }: LookUpOptions,
): Promise<LookedUpSandbox | "foreign" | undefined> {
  const pod = await readPod(cluster, address, call);
  if (pod !== undefined) {
    const info = sandboxInfo(pod);
    if (info === undefined) return "foreign";
    if (info.state !== "unknown" || claimOf(pod) === undefined) return { pod, info };
    const volume = await readClaim(cluster, address, call);
    return { pod, info: (volume && volumeInfo(volume)) ?? info };
  }
  const claim = mayHaveClaim ? await readClaim(cluster, address, call) : undefined;
  if (claim === undefined) return undefined;
  const info = volumeInfo(claim);
  return info === undefined ? "foreign" : { pod: undefined, info };
}

/** Reads the claim of a sandbox's volume; `undefined` when it certainly does not exist, or is about to go. */
export async function readClaim(
  cluster: Cluster,
  address: PodAddress,
  call: CallOptions,
): Promise<V1PersistentVolumeClaim | undefined> {
  try {
    const claim = await cluster.read("looking at the volume", call, ({ core }) =>
      core.readNamespacedPersistentVolumeClaim({ ...address }),
    );
    return claim.metadata?.deletionTimestamp === undefined ? claim : undefined;
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
    throw error;
  }
}

import type { CallOptions } from "@glovebox/core/provider";
import type { Cluster } from "../cluster/cluster.ts";
import { podAnnotations } from "../pod/pod-names.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";

/**
 * Writes down on a sandbox's volume when its lease ends: should its node go silent, another pod may use the volume only once the
 * supervisor there has certainly ended everything.
 */
export async function recordLease(
  cluster: Cluster,
  { namespace, name }: PodAddress,
  { endsAt, ...call }: CallOptions & { readonly endsAt: Date },
): Promise<void> {
  const body = { metadata: { annotations: { [podAnnotations.leaseEnds]: endsAt.toISOString() } } };
  await cluster.call("recording the lease", call, ({ core }) =>
    core.patchNamespacedPersistentVolumeClaim({ namespace, name, body }),
  );
}

import { SandboxStoppedError } from "@glovebox/core/provider";
import type { V1Pod } from "@kubernetes/client-node";
import { clusterIdentity } from "../cluster/cluster-identity.ts";

/** A sandbox whose supervisor is asleep, or whose container has ended. */
export function stopped({ metadata }: V1Pod): SandboxStoppedError {
  return new SandboxStoppedError(`The sandbox in the pod ${metadata?.name} is not running`, {
    providerId: clusterIdentity.id,
    hint: "Its files are kept: connect with wakeForMs to start it.",
  });
}

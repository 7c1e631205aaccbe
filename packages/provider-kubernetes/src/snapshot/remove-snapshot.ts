import { type CallOptions, InvalidOptionsError, type Template } from "@glovebox/core/provider";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { parseSandboxId } from "../pod/sandbox-id.ts";
import { readReference } from "../template/template-reference.ts";
import { removeVolumeSnapshot } from "./volume-snapshots.ts";

/** `ProviderDefinition.removeSnapshot`. Sandboxes that were made of it have volumes of their own. */
export async function removeSnapshot(
  { cluster }: KubernetesContext,
  { reference }: Template,
  call: CallOptions,
): Promise<boolean> {
  const address = parseSandboxId(readReference(reference).snapshot ?? "");
  if (address === undefined) {
    throw new InvalidOptionsError("The template is not a snapshot of a Kubernetes sandbox", {
      providerId: clusterIdentity.id,
    });
  }
  await removeVolumeSnapshot(cluster, address, call);
  return true;
}

import { InvalidOptionsError } from "@glovebox/core/provider";
import type { CheckedSpec } from "@glovebox/provider-kit";
import { clusterIdentity } from "./cluster/cluster-identity.ts";
import type { KubernetesContext } from "./kubernetes-context.ts";
import { longestLifeMs } from "./pod/pod-manifest.ts";

/** `ProviderDefinition.plan`: refuses what the settings cannot grant. Creates nothing. */
export async function planSandbox(context: KubernetesContext, { ttlMs }: CheckedSpec): Promise<void> {
  await context.podTemplate();
  const lifeMs = longestLifeMs(context.settings);
  if (ttlMs <= lifeMs) return;
  throw new InvalidOptionsError(`Invalid lease of ${ttlMs} ms: a pod lives for at most ${lifeMs} ms`, {
    providerId: clusterIdentity.id,
    hint: "Raise maxLifeHours.",
  });
}

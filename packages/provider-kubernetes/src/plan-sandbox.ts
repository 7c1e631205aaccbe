import { InvalidOptionsError } from "@glovebox/core/provider";
import type { CheckedSpec } from "@glovebox/provider-kit";
import { clusterIdentity } from "./cluster/cluster-identity.ts";
import type { KubernetesContext } from "./kubernetes-context.ts";
import { longestLifeMs } from "./pod/pod-manifest.ts";
import { parseSandboxId } from "./pod/sandbox-id.ts";
import { readReference } from "./template/template-reference.ts";

/** `ProviderDefinition.plan`: refuses what the settings cannot grant. Creates nothing. */
export async function planSandbox(context: KubernetesContext, { ttlMs, template }: CheckedSpec): Promise<void> {
  await context.podTemplate();
  const { snapshot } = readReference(template?.reference ?? "");
  if (snapshot !== undefined) await checkSnapshot(context, snapshot);
  const lifeMs = longestLifeMs(context.settings);
  if (ttlMs <= lifeMs) return;
  throw new InvalidOptionsError(`Invalid lease of ${ttlMs} ms: a pod lives for at most ${lifeMs} ms`, {
    providerId: clusterIdentity.id,
    hint: "Raise maxLifeHours.",
  });
}

/** A volume is made of a snapshot of its own namespace alone. */
async function checkSnapshot(context: KubernetesContext, snapshot: string): Promise<void> {
  const { storageClass } = context.settings;
  const namespace = await context.namespace();
  if (storageClass !== undefined && parseSandboxId(snapshot)?.namespace === namespace) return;
  throw new InvalidOptionsError(
    `The template is a snapshot in another place than sandboxes are created in: ${snapshot}`,
    {
      providerId: clusterIdentity.id,
      hint: "Set storageClass, and the namespace in which the snapshot was taken.",
    },
  );
}

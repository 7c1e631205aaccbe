import { setTimeout as delay } from "node:timers/promises";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { reasonOf } from "../cluster/cluster-errors.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { type PodRecord, readRecord } from "../pod/pod-record.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";
import { volumeClaim } from "../pod/volume-claim.ts";

const pauseMs = 250;
/** How long the volume of an earlier sandbox of this key may take to go. */
const removalMs = 30_000;
const providerId = clusterIdentity.id;
const operation = "creating the volume";

/** Creates the claim of a sandbox's volume, unless the same idempotency key has created it. */
export async function ensureClaim(context: KubernetesContext, address: PodAddress, record: PodRecord): Promise<void> {
  const { cluster, settings } = context;
  const { namespace, name } = address;
  const body = volumeClaim({ ...address, record, settings });
  for (const until = performance.now() + removalMs; ; await delay(pauseMs)) {
    try {
      await cluster.call(operation, {}, ({ core }) => core.createNamespacedPersistentVolumeClaim({ namespace, body }));
      return;
    } catch (error) {
      if (reasonOf(error) !== "AlreadyExists") throw error;
    }
    const found = await cluster.read(operation, {}, ({ core }) =>
      core.listNamespacedPersistentVolumeClaim({ namespace, fieldSelector: `metadata.name=${name}` }),
    );
    const claim = found.items[0];
    const isBeingRemoved = claim?.metadata?.deletionTimestamp !== undefined;
    if (claim !== undefined && !isBeingRemoved) {
      if (readRecord(claim.metadata?.annotations)?.key === record.key) return;
      throw new SandboxUnavailableError(`A volume that Glovebox did not create is called ${name}`, {
        providerId,
        retryable: false,
        hint: "Remove it, or choose another namespace.",
      });
    }
    if (performance.now() > until)
      throw new SandboxUnavailableError(`The volume ${name} is being removed`, { providerId });
  }
}

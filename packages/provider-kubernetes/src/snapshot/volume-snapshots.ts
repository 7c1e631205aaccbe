import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { manager, podLabels } from "../pod/pod-names.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";

/** Source: https://kubernetes.io/docs/concepts/storage/volume-snapshots */
const kind = { group: "snapshot.storage.k8s.io", version: "v1", plural: "volumesnapshots" } as const;
const apiVersion = `${kind.group}/${kind.version}`;
const readyTimeoutMs = 10 * 60_000;
const pauseMs = 250;

/** What is read of a VolumeSnapshot. */
interface VolumeSnapshot {
  readonly status?: {
    readonly readyToUse?: boolean;
    readonly error?: { readonly message?: string };
  };
}

export interface TakeSnapshotOptions extends CallOptions {
  /** The claim of the volume. */
  readonly claim: PodAddress;
  /** The name of the snapshot, in the namespace of the claim. */
  readonly name: string;
  readonly snapshotClass: string;
}

/** Takes a snapshot of a volume, and resolves when volumes can be made of it. What fails is removed again. */
export async function takeVolumeSnapshot(cluster: Cluster, options: TakeSnapshotOptions): Promise<void> {
  const { claim, name, snapshotClass, ...call } = options;
  const { namespace } = claim;
  const body = {
    apiVersion,
    kind: "VolumeSnapshot",
    metadata: { name, namespace, labels: { [podLabels.managedBy]: manager } },
    spec: { volumeSnapshotClassName: snapshotClass, source: { persistentVolumeClaimName: claim.name } },
  };
  try {
    await cluster.call("taking a snapshot", call, ({ custom }) =>
      custom.createNamespacedCustomObject({ ...kind, namespace, body }),
    );
    await untilReady(cluster, { namespace, name }, call);
  } catch (error) {
    await removeVolumeSnapshot(cluster, { namespace, name }, {}).catch(() => {
      // The failure to take it is the one to report.
    });
    throw error;
  }
}

/** Removes a snapshot. Volumes that were made of it stay as they are. */
export async function removeVolumeSnapshot(
  cluster: Cluster,
  { namespace, name }: PodAddress,
  call: CallOptions,
): Promise<void> {
  await cluster
    .call("removing the snapshot", call, ({ custom }) =>
      custom.deleteNamespacedCustomObject({ ...kind, namespace, name }),
    )
    .catch((error: unknown) => {
      if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
    });
}

async function untilReady(cluster: Cluster, { namespace, name }: PodAddress, call: CallOptions): Promise<void> {
  for (const until = performance.now() + readyTimeoutMs; ; await delay(pauseMs, undefined, call)) {
    const { status = {} }: VolumeSnapshot = await cluster.read("taking a snapshot", call, ({ custom }) =>
      custom.getNamespacedCustomObject({ ...kind, namespace, name }),
    );
    if (status.readyToUse) return;
    const said = status.error?.message;
    if (said === undefined && performance.now() < until) continue;
    throw new SandboxUnavailableError(
      `The cluster cannot take a snapshot of the volume: ${safeLine(said ?? "it is not ready in time")}`,
      { providerId: clusterIdentity.id, hint: "Look at `kubectl describe volumesnapshot`, and at snapshotClass." },
    );
  }
}

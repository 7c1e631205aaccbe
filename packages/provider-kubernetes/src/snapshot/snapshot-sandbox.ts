import { createHash, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { type CallOptions, CapabilityUnsupportedError } from "@glovebox/core/provider";
import type { VendorTemplate } from "@glovebox/provider-kit";
import { supervisorPaths } from "@glovebox/supervisor";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { claimOf, sandboxStatus } from "../pod/pod-facts.ts";
import { containerName } from "../pod/pod-names.ts";
import { readRecord } from "../pod/pod-record.ts";
import { formatSandboxId } from "../pod/sandbox-id.ts";
import { execStream } from "../stream/exec-stream.ts";
import { formatReference, readReference } from "../template/template-reference.ts";
import { takeVolumeSnapshot } from "./volume-snapshots.ts";

/** `VendorSandbox.snapshot`: a template of the sandbox's image and of a snapshot of its volume. */
export async function snapshotSandbox(
  { cluster, settings }: KubernetesContext,
  pod: V1Pod | undefined,
  call: CallOptions,
): Promise<VendorTemplate> {
  const { snapshotClass } = settings;
  const claimName = pod && claimOf(pod);
  const record = readRecord(pod?.metadata?.annotations);
  if (pod === undefined || snapshotClass === undefined || claimName === undefined || record === undefined) {
    throw new CapabilityUnsupportedError("A snapshot needs a volume, and a class of snapshots", {
      providerId: clusterIdentity.id,
      hint: "Set storageClass and snapshotClass.",
    });
  }
  const { namespace = "" } = pod.metadata ?? {};
  const name = `glovebox-${randomBytes(16).toString("hex")}`;
  await writeOut(cluster, pod, call);
  await takeVolumeSnapshot(cluster, { claim: { namespace, name: claimName }, name, snapshotClass, ...call });
  const snapshot = formatSandboxId({ namespace, name });
  const digest = createHash("sha256").update(`snapshot ${snapshot}`).digest("hex");
  const { image, tools } = readReference(record.reference);
  const reference = formatReference({ image, snapshot, ...(tools !== undefined && { tools }) });
  return { reference, digest: `sha256:${digest}`, reused: false };
}

/** What the node still holds in memory would be missing in the snapshot. */
async function writeOut(cluster: Cluster, pod: V1Pod, call: CallOptions): Promise<void> {
  if (sandboxStatus(pod)?.state?.running === undefined) return;
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const command = [supervisorPaths.busybox, "sync"];
  await text(await execStream(cluster, { namespace, pod: name, container: containerName, command }, call));
}

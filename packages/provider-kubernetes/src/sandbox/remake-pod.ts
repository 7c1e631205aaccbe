import { randomBytes } from "node:crypto";
import { type CallOptions, SandboxNotFoundError, SandboxUnavailableError } from "@glovebox/core/provider";
import type { V1Pod } from "@kubernetes/client-node";
import { reasonOf } from "../cluster/cluster-errors.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { claimOf, hasEnded, isNodeSilent } from "../pod/pod-facts.ts";
import { podManifest } from "../pod/pod-manifest.ts";
import { type PodRecord, readRecord } from "../pod/pod-record.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";
import { readClaim } from "./look-up-sandbox.ts";
import { endOf } from "./pod-failure.ts";
import { readPod } from "./read-pod.ts";
import { removePod } from "./remove-sandbox.ts";
import { volumeInfo } from "./sandbox-info.ts";

const operation = "creating the pod again";
const providerId = clusterIdentity.id;

/** The pod itself where it may still run; where the cluster has ended it or lost it, another one on its volume. */
export async function remakePod(
  context: KubernetesContext,
  address: PodAddress,
  pod: V1Pod | undefined,
  call: CallOptions,
): Promise<V1Pod> {
  const isLeaving = pod?.metadata?.deletionTimestamp !== undefined || (pod !== undefined && isNodeSilent(pod));
  if (pod !== undefined && !hasEnded(pod) && !isLeaving) return pod;
  if (pod !== undefined && claimOf(pod) === undefined) {
    if (hasEnded(pod)) throw endOf(pod);
    throw new SandboxUnavailableError(`The pod ${address.name} is being removed, or its node is silent`, {
      providerId,
    });
  }
  const claim = await readClaim(context.cluster, address, call);
  const record = readRecord(claim?.metadata?.annotations);
  if (claim === undefined || record === undefined) {
    throw new SandboxNotFoundError(`The pod ${address.name} and its volume do not exist any more`, { providerId });
  }
  if (volumeInfo(claim)?.state !== "stopped") throw stillLeased(address);
  const signal = call.signal ?? new AbortController().signal;
  if (pod !== undefined) await removePod(context.cluster, address, { uid: pod.metadata?.uid, signal });
  const createdAt = record.createdAt ?? new Date(claim.metadata?.creationTimestamp ?? 0).toISOString();
  return createAgain(context, address, { ...record, createdAt }, call);
}

function stillLeased({ name }: PodAddress): SandboxUnavailableError {
  return new SandboxUnavailableError(
    `The node of the pod ${name} is silent, and may work on its volume until the lease ends`,
    {
      providerId,
      hint: "Try again when its lease has ended.",
    },
  );
}

async function createAgain(
  context: KubernetesContext,
  address: PodAddress,
  record: PodRecord,
  call: CallOptions,
): Promise<V1Pod> {
  const { cluster, settings, seal } = context;
  const { namespace } = address;
  const mode = seal.mode(namespace);
  // Without the setting, which may have changed since, the volume would be left out.
  const withClaim = { ...settings, storageClass: settings.storageClass ?? "" };
  const token = randomBytes(32).toString("base64url");
  const podTemplate = await context.podTemplate();
  const body = podManifest({ ...address, settings: withClaim, podTemplate, record, seal: mode, token });
  try {
    await seal.ensurePolicy(namespace, mode);
    return await cluster.call(operation, call, ({ core }) => core.createNamespacedPod({ namespace, body }));
  } catch (error) {
    // Somebody else wakes it, too.
    const found = reasonOf(error) === "AlreadyExists" ? await readPod(cluster, address, call) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxError, type SandboxSpec, SandboxUnavailableError } from "@glovebox/core/provider";
import { mayHaveCreated, withDeadline } from "@glovebox/provider-kit";
import type { V1Pod } from "@kubernetes/client-node";
import { mapClusterError, reasonOf, wasNeverSent } from "../cluster/cluster-errors.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { podManifest } from "../pod/pod-manifest.ts";
import { manager, podLabels, podName } from "../pod/pod-names.ts";
import { type PodRecord, readRecord, recordOf } from "../pod/pod-record.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";
import { fillPool, takeFromPool } from "../pool/take-from-pool.ts";
import { ensureClaim } from "./ensure-claim.ts";
import { readPod } from "./read-pod.ts";
import { removeSandbox } from "./remove-sandbox.ts";

const requestTimeoutMs = 90_000;
const undoTimeoutMs = 75_000;
/** How long the answer to a request that was given up is waited for. */
const answerGraceMs = 3000;
/** A request whose answer was lost may still be on its way. */
const appearanceMs = 2000;
const operation = "creating the pod";
const providerId = clusterIdentity.id;

/** The pod of a sandbox as the API server has it. */
export interface RequestedPod {
  readonly pod: V1Pod;
  /** Whether an earlier call with the same idempotency key created it. */
  readonly isEarlier: boolean;
  /** For a pod that was created now: has the cluster keep others like it ready. Called once this one has started. */
  readonly fillPool?: () => Promise<void>;
}

interface Request {
  readonly context: KubernetesContext;
  readonly address: PodAddress;
  readonly record: PodRecord;
}

/**
 * Creates the pod of a spec, or finds the one that the same idempotency key created before. When it rejects none is left,
 * unless the error says `mayHaveCreated`.
 */
export async function requestPod(
  context: KubernetesContext,
  spec: SandboxSpec,
  { signal }: CallOptions,
): Promise<RequestedPod> {
  const address = { namespace: await context.namespace(), name: podName(spec.idempotencyKey) };
  const request: Request = { context, address, record: recordOf(spec, randomUUID()) };
  // The API server carries a request through when its caller goes away, so that it is never given up half way.
  let requested: Promise<RequestedPod> | undefined;
  try {
    return await withDeadline({ provider: clusterIdentity, operation, timeoutMs: requestTimeoutMs, signal }, () => {
      requested = send(request);
      return requested;
    });
  } catch (error) {
    const failure = mapClusterError(error, operation);
    if (requested === undefined || failure === undefined || !["aborted", "timeout"].includes(failure.code)) throw error;
    throw await rollback(request, requested, failure);
  }
}

async function send(request: Request): Promise<RequestedPod> {
  const { context, address, record } = request;
  const { namespace } = address;
  const pooled = await fromPool(request);
  if (pooled !== undefined) return pooled;
  for (;;) {
    const mode = context.seal.mode(namespace);
    try {
      const pod = await createPod(request, mode);
      return { pod, isEarlier: false, fillPool: () => fillPool(context, namespace, record, mode) };
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      if (error.code === "capability-unsupported" && context.seal.refused(address.namespace, mode)) continue;
      const found = await find(request, error);
      if (found !== undefined) return found;
    }
  }
}

/** The pod that a call with this key has taken from a pool, or one that this call takes; `undefined` where there is none. */
async function fromPool({ context, address: { namespace }, record }: Request): Promise<RequestedPod | undefined> {
  if ((context.settings.poolSize ?? 0) === 0) return undefined;
  const labelSelector = `${podLabels.managedBy}=${manager},${podLabels.key}=${record.key.slice(0, 32)}`;
  const { items } = await context.cluster.read("looking for an earlier pod", {}, ({ core }) =>
    core.listNamespacedPod({ namespace, labelSelector }),
  );
  const earlier = items.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
  if (earlier !== undefined) return ofKey(earlier, record);
  const taken = await takeFromPool(context, namespace, record);
  return taken && { pod: taken, isEarlier: false };
}

async function createPod({ context, address, record }: Request, seal: "init" | "policy"): Promise<V1Pod> {
  const { cluster, settings } = context;
  const { namespace } = address;
  const token = randomBytes(32).toString("base64url");
  const body = podManifest({ ...address, settings, podTemplate: await context.podTemplate(), record, seal, token });
  const ensured = context.seal.ensurePolicy(namespace, seal);
  // What it rejects with is thrown below; where a pod needs no policy it rejects with nothing.
  ensured.catch(() => {});
  if (seal === "policy") await ensured;
  if (settings.storageClass !== undefined) await ensureClaim(context, address, record);
  const [pod] = await Promise.all([
    cluster.call(operation, {}, ({ core }) => core.createNamespacedPod({ namespace, body })),
    ensured,
  ]);
  return pod;
}

/**
 * After a failed request: the pod of this name, whoever requested it; `undefined` when the request is worth repeating. Throws
 * the failure when there is none.
 */
async function find(request: Request, failure: SandboxError): Promise<RequestedPod | undefined> {
  const { context, address, record } = request;
  if (reasonOf(failure) === "AlreadyExists") {
    const pod = await readPod(context.cluster, address, {});
    if (pod === undefined) return undefined;
    if (pod.metadata?.deletionTimestamp === undefined) return ofKey(pod, record);
    await removeSandbox(context.cluster, address, { uid: pod.metadata.uid, hasClaim: false });
    return undefined;
  }
  if (wasNeverSent(failure)) {
    await removeOwnClaim(request);
    throw failure;
  }
  const appeared = await lateComer(request);
  if (appeared === undefined) throw mayHaveCreated(failure);
  return appeared;
}

async function lateComer({ context, address, record }: Request): Promise<RequestedPod | undefined> {
  for (const until = performance.now() + appearanceMs; ; await delay(100)) {
    const pod = await readPod(context.cluster, address, {}).catch(() => undefined);
    if (pod !== undefined) return ofKey(pod, record);
    if (performance.now() > until) return undefined;
  }
}

/** Throws for a pod that is not of the same idempotency key. */
function ofKey(pod: V1Pod, { key, attempt }: PodRecord): RequestedPod {
  const found = readRecord(pod.metadata?.annotations);
  if (found?.key === key) return { pod, isEarlier: found.attempt !== attempt };
  throw new SandboxUnavailableError(`A pod that Glovebox did not create is called ${pod.metadata?.name}`, {
    providerId,
    retryable: false,
    hint: "Remove it, or choose another namespace.",
  });
}

/** Waits for a request that was given up, and removes what it created. Resolves to the error to throw. */
async function rollback(
  request: Request,
  requested: Promise<RequestedPod>,
  failure: SandboxError,
): Promise<SandboxError> {
  const { context, address } = request;
  const undoing = { provider: clusterIdentity, operation: "undoing a create", timeoutMs: undoTimeoutMs };
  try {
    await withDeadline(undoing, async (signal) => {
      const created = await Promise.race([outcomeOf(requested), lateOutcome(request, signal)]);
      if (created === undefined) return;
      // What an earlier call has created may hold work.
      if (created.isEarlier) throw failure;
      const { settings, cluster } = context;
      const hasClaim = settings.storageClass !== undefined;
      const { name = address.name, uid } = created.pod.metadata ?? {};
      await removeSandbox(cluster, { ...address, name }, { uid, hasClaim, signal });
    });
    return failure;
  } catch {
    return mayHaveCreated(failure, "A sandbox may be left; `glovebox reap` removes it when its lease has ended.");
  }
}

/** The pod that was requested; `undefined` when the request was refused. */
async function outcomeOf(requested: Promise<RequestedPod>): Promise<RequestedPod | undefined> {
  try {
    return await requested;
  } catch (error) {
    if (SandboxError.isInstance(error) && error.mayHaveCreated) throw error;
    return undefined;
  }
}

/** The pod of a request that nobody answers, by its name. Throws when it is not there: it may still come. */
async function lateOutcome(request: Request, signal: AbortSignal): Promise<RequestedPod> {
  await delay(answerGraceMs, undefined, { signal });
  const appeared = await lateComer(request);
  if (appeared === undefined) throw new SandboxUnavailableError("The pod may still be created", { providerId });
  return appeared;
}

async function removeOwnClaim({ context, address, record }: Request): Promise<void> {
  if (context.settings.storageClass === undefined) return;
  const { namespace, name } = address;
  const claim = await context.cluster
    .read("looking at the volume", {}, ({ core }) => core.readNamespacedPersistentVolumeClaim({ namespace, name }))
    .catch(() => undefined);
  if (readRecord(claim?.metadata?.annotations)?.attempt !== record.attempt) return;
  await removeSandbox(context.cluster, address, { hasClaim: true }).catch(() => {
    // The failure of the create is the one to report; the reaper finds the volume.
  });
}

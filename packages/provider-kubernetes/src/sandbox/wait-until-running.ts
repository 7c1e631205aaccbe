import {
  type CallOptions,
  type SandboxError,
  SandboxNotFoundError,
  SandboxTimeoutError,
} from "@glovebox/core/provider";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { KubernetesSettings } from "../kubernetes-settings.ts";
import { sandboxStatus } from "../pod/pod-facts.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";
import { lastWarning } from "./last-warning.ts";
import { isPulling, podFailure, pullFailure, scheduleFailure } from "./pod-failure.ts";

const defaultStartMs = 5 * 60_000;
const defaultScheduleMs = 60_000;
/** A registry that did not answer at first may answer the next time; the node asks again after 10 and 20 seconds. */
const pullPatienceMs = 45_000;
const providerId = clusterIdentity.id;

export interface WaitOptions extends CallOptions {
  readonly settings: Pick<KubernetesSettings, "startTimeoutMs" | "scheduleTimeoutMs">;
  /** The uid of the pod; one of the same name that replaces it is another sandbox's. */
  readonly uid: string | undefined;
  /** Waits until the container was started again more often than this. */
  readonly restartsAbove?: number | undefined;
}

/** Waits until the sandbox's container runs. Rejects as soon as it is clear that it will not, with the reason. */
export async function waitUntilRunning(cluster: Cluster, address: PodAddress, options: WaitOptions): Promise<V1Pod> {
  const { settings, uid, restartsAbove = -1, signal } = options;
  const { startTimeoutMs = defaultStartMs, scheduleTimeoutMs = defaultScheduleMs } = settings;
  const expired = new AbortController();
  let last: V1Pod | undefined;
  let lastPull: SandboxError | undefined;
  let verdict: SandboxError | undefined;
  const after = (ms: number, judge: (pod: V1Pod) => SandboxError | undefined): NodeJS.Timeout =>
    setTimeout(() => {
      // The first one knows the most: two may be due at the same time.
      verdict ??= last && judge(last);
      if (verdict !== undefined) expired.abort();
    }, ms);
  const timers = [
    after(Math.min(scheduleTimeoutMs, startTimeoutMs), scheduleFailure),
    after(Math.min(pullPatienceMs, startTimeoutMs), (pod) => pullFailure(pod) && lastPull),
    after(startTimeoutMs, (pod) => tooLong(pod, startTimeoutMs)),
  ];
  try {
    const until = signal === undefined ? expired.signal : AbortSignal.any([signal, expired.signal]);
    for await (const pod of cluster.watchPod(address, { signal: until })) {
      if (pod === undefined || (uid !== undefined && pod.metadata?.uid !== uid)) throw removed(address);
      last = pod;
      // Between two attempts the cluster says no more than that there will be another one.
      if (lastPull === undefined || isPulling(pod)) lastPull = pullFailure(pod) ?? lastPull;
      const failure = podFailure(pod);
      if (failure !== undefined) throw failure;
      if (pod.metadata?.deletionTimestamp !== undefined) throw removed(address);
      const status = sandboxStatus(pod);
      if (status?.state?.running !== undefined && status.restartCount > restartsAbove) return pod;
    }
    throw removed(address);
  } catch (error) {
    if (verdict === undefined || signal?.aborted) throw error;
    throw verdict.code === "timeout" ? await withWarning(cluster, address, verdict) : verdict;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

function tooLong(pod: V1Pod, ms: number): SandboxError {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const waiting = [...initContainerStatuses, ...containerStatuses].find(({ state }) => state?.waiting !== undefined);
  const reason = waiting?.state?.waiting?.reason ?? pod.status?.phase ?? "it says nothing";
  return new SandboxTimeoutError(`The pod ${pod.metadata?.name} did not start within ${ms / 1000} s: ${reason}`, {
    providerId,
    retryable: true,
    hint: "Raise startTimeoutMs where images are large.",
  });
}

/** What keeps a node from starting a pod at all stands in the pod's events alone. */
async function withWarning(cluster: Cluster, address: PodAddress, error: SandboxError): Promise<SandboxError> {
  const warning = await lastWarning(cluster, address);
  if (warning === undefined) return error;
  const { hint = "", retryable } = error;
  return new SandboxTimeoutError(`${error.message}: ${warning}`, { providerId, hint, retryable, cause: error });
}

function removed({ name }: PodAddress): SandboxNotFoundError {
  return new SandboxNotFoundError(`The pod ${name} was removed before it ran`, { providerId });
}

import { supervisorConfigVariable } from "@glovebox/supervisor";
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { containerName, podAnnotations } from "./pod-names.ts";

/** The status of the agent's container; `undefined` before a node has the pod. */
export function sandboxStatus({ status }: V1Pod): V1ContainerStatus | undefined {
  return status?.containerStatuses?.find(({ name }) => name === containerName);
}

/** How many ends of the supervisor were answered by a wake; `undefined` until the first lease was set. */
export function wakesOf({ metadata }: V1Pod): number | undefined {
  const text = metadata?.annotations?.[podAnnotations.wakes];
  return text === undefined || !/^\d{1,9}$/.test(text) ? undefined : Number(text);
}

/** Whether the cluster has ended the pod permanently: it was evicted, say, or has reached its longest life. */
export function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === "Failed" || status?.phase === "Succeeded";
}

/** Whether its node has reported the end of all that ran in it. */
export function haveContainersEnded(pod: V1Pod): boolean {
  const { initContainerStatuses = [] } = pod.status ?? {};
  const isOver = ({ state }: V1ContainerStatus): boolean => state?.terminated !== undefined;
  const sandbox = sandboxStatus(pod);
  return sandbox !== undefined && [sandbox, ...initContainerStatuses].every(isOver);
}

/** Whether its node does not report: the cluster then takes the pod's readiness away, and knows nothing of its containers. */
export function isNodeSilent({ status }: V1Pod): boolean {
  const is = (type: string, value: string): boolean =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === value) ?? false;
  return status?.reason === "NodeLost" || (is("ContainersReady", "True") && !is("Ready", "True"));
}

/** What a connection to its supervisor must send first. */
export function supervisorToken({ spec }: V1Pod): string | undefined {
  const container = spec?.containers.find(({ name }) => name === containerName);
  const text = container?.env?.find(({ name }) => name === supervisorConfigVariable)?.value;
  try {
    const { token } = JSON.parse(text ?? "{}") as { readonly token?: unknown };
    return typeof token === "string" ? token : undefined;
  } catch {
    // Somebody else's pod.
    return undefined;
  }
}

/** The name of the volume claim that holds its files; `undefined` where they are on its node. */
export function claimOf({ spec }: V1Pod): string | undefined {
  return spec?.volumes?.find(({ name }) => name === "work")?.persistentVolumeClaim?.claimName;
}

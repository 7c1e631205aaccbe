import { safeLine } from "@glovebox/core/text";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodAddress } from "../pod/sandbox-id.ts";

const timeoutMs = 5000;

/** The newest warning among a pod's events; `undefined` where there is none, or where events may not be read. */
export async function lastWarning(cluster: Cluster, { namespace, name }: PodAddress): Promise<string | undefined> {
  const fieldSelector = `involvedObject.name=${name},type=Warning`;
  try {
    const { items } = await cluster.call("reading the pod's events", { timeoutMs }, ({ core }) =>
      core.listNamespacedEvent({ namespace, fieldSelector, limit: 100 }),
    );
    const newest = items.toSorted((one, other) => when(other) - when(one))[0];
    return newest?.message === undefined ? undefined : safeLine(`${newest.reason ?? "Warning"}: ${newest.message}`);
  } catch {
    // It only explains another failure.
    return undefined;
  }
}

function when({ lastTimestamp, eventTime }: { lastTimestamp?: Date; eventTime?: Date }): number {
  return Number(lastTimestamp ?? eventTime ?? 0);
}

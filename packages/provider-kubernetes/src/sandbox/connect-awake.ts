import type { CallOptions } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { bridgeCommand } from "../pod/pod-containers.ts";
import { supervisorToken } from "../pod/pod-facts.ts";
import { containerName } from "../pod/pod-names.ts";
import { connectToSupervisor } from "../stream/connect-to-supervisor.ts";
import { explainLoss } from "./explain-loss.ts";
import { stopped } from "./stopped.ts";

/** Connects to the supervisor of a pod, whether it is awake or asleep. */
export function connectToPod(
  cluster: Cluster,
  pod: V1Pod,
  call: CallOptions,
  check?: (connection: SupervisorConnection) => Promise<void>,
): Promise<SupervisorConnection> {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const firstLine = supervisorToken(pod);
  const request = { namespace, pod: name, container: containerName, command: bridgeCommand, firstLine };
  return connectToSupervisor(cluster, request, call, check);
}

/** Connects to the supervisor of a sandbox that has a lease. Rejects with `stopped` where it has ended, whatever the API server knows. */
export async function connectAwake(cluster: Cluster, pod: V1Pod, call: CallOptions): Promise<SupervisorConnection> {
  try {
    return await connectToPod(cluster, pod, call, async (connection) => {
      if ((await connection.leaseEndsAt(call)).getTime() <= Date.now()) throw stopped(pod);
    });
  } catch (error) {
    throw await explainLoss(cluster, pod, error, call);
  }
}

import { type CallOptions, dropUndefined, SandboxError } from "@glovebox/core/provider";
import { connectSupervisor, type SupervisorConnection } from "@glovebox/supervisor";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { bridgeCommand } from "../pod/pod-containers.ts";
import { supervisorToken } from "../pod/pod-facts.ts";
import { containerName } from "../pod/pod-names.ts";
import { execStream } from "../stream/exec-stream.ts";
import { explainLoss } from "./explain-loss.ts";
import { stopped } from "./stopped.ts";

const providerId = clusterIdentity.id;

/** Connects to the supervisor of a pod, whether it is awake or asleep. */
export async function connectToSupervisor(
  cluster: Cluster,
  pod: V1Pod,
  { signal }: CallOptions,
): Promise<SupervisorConnection> {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const firstLine = supervisorToken(pod);
  const request = { namespace, pod: name, container: containerName, command: bridgeCommand, firstLine };
  const stream = await execStream(cluster, request, dropUndefined({ signal }));
  try {
    return await connectSupervisor(stream, dropUndefined({ providerId, signal }));
  } catch (error) {
    throw withReason(error, stream.failure || stream.stderrTail);
  }
}

/** Connects to the supervisor of a sandbox that has a lease. Rejects with `stopped` where it has ended, whatever the API server knows. */
export async function connectAwake(cluster: Cluster, pod: V1Pod, call: CallOptions): Promise<SupervisorConnection> {
  const connection = await connectToSupervisor(cluster, pod, call).catch(async (error: unknown) => {
    throw await explainLoss(cluster, pod, error, call);
  });
  try {
    if ((await connection.leaseEndsAt(call)).getTime() > Date.now()) return connection;
    throw stopped(pod);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function withReason(error: unknown, reason: string): unknown {
  if (!SandboxError.isInstance(error) || error.code !== "lost" || reason === "") return error;
  return new SandboxError("lost", `${error.message}: ${reason}`, { providerId, cause: error });
}

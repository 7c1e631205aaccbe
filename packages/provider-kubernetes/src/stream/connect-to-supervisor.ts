import { type CallOptions, dropUndefined, SandboxError, SandboxLostError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { retry } from "@glovebox/provider-kit";
import { connectSupervisor, type SupervisorConnection } from "@glovebox/supervisor";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterIdentity as provider } from "../cluster/cluster-identity.ts";
import type { ExecDuplex } from "./exec-duplex.ts";
import { type ExecRequest, execStream } from "./exec-stream.ts";

const attempts = 6;
const pauseMs = 100;
/** A bridge greets within a second. Where nothing comes, something of its input was dropped on the way. */
const firstHelloTimeoutMs = 8000;
/** Or the node is so busy that another attempt in place of this one would only add to it: each waits twice as long. */
const maxHelloTimeoutMs = 60_000;

/**
 * Connects to the supervisor of a pod by its bridge, which the request names. Tries again while the connection breaks on the
 * way to the greeting or in `check`, which must change nothing. What else `check` rejects with is final.
 */
export function connectToSupervisor(
  cluster: Cluster,
  request: ExecRequest,
  { signal }: CallOptions = {},
  check: (connection: SupervisorConnection) => Promise<void> = async () => {},
): Promise<SupervisorConnection> {
  const operation = `connecting to the pod ${request.pod}`;
  const shouldRetry = (error: SandboxError): boolean => error.retryable || ["lost", "timeout"].includes(error.code);
  let helloTimeoutMs = firstHelloTimeoutMs / 2;
  const attempt = (): Promise<SupervisorConnection> => {
    helloTimeoutMs = Math.min(helloTimeoutMs * 2, maxHelloTimeoutMs);
    return connect(cluster, request, { signal, check, helloTimeoutMs });
  };
  return retry(attempt, { provider, operation, attempts, pauseMs, shouldRetry, signal });
}

interface Attempt {
  readonly signal: AbortSignal | undefined;
  readonly check: (connection: SupervisorConnection) => Promise<void>;
  readonly helloTimeoutMs: number;
}

async function connect(
  cluster: Cluster,
  request: ExecRequest,
  { signal, check, helloTimeoutMs }: Attempt,
): Promise<SupervisorConnection> {
  const stream = await execStream(cluster, request, dropUndefined({ signal }));
  const connection = await connectSupervisor(
    stream,
    dropUndefined({ providerId: provider.id, helloTimeoutMs, signal }),
  ).catch((error: unknown) => {
    throw explained(stream, error);
  });
  try {
    await check(connection);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** With what the bridge or the cluster said, where that is why no greeting came. */
function explained(stream: ExecDuplex, error: unknown): unknown {
  const said = [stream.failure, safeLine(stream.stderrTail, 300)].filter(Boolean).join("; ");
  if (!SandboxError.isInstance(error) || said === "" || !["lost", "timeout"].includes(error.code)) return error;
  const message = `The supervisor of the pod cannot be reached: ${said}`;
  return new SandboxLostError(message, { providerId: provider.id, cause: error });
}

import { connectEndpoint } from "@glovebox/provider-kit";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { mapResponse } from "./map-response.ts";
import { retryRequest } from "./retry-request.ts";
import type { WorkerClient } from "./worker-client.ts";
import { WorkerResponse } from "./worker-response.ts";

const operation = "connecting to the sandbox";

/** Connects to the supervisor of a running sandbox, through the Worker. */
export function connectToSupervisor(
  client: WorkerClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  const connect = (): Promise<SupervisorConnection> =>
    connectEndpoint({
      providerId: "cloudflare",
      url: client.url(`v1/sandboxes/${encodeURIComponent(id)}/supervisor`),
      headers: client.headers,
      onRefused: (refusal) => mapResponse(new WorkerResponse(refusal), operation),
      ...(signal && { signal }),
    });
  return retryRequest(connect, { operation, signal });
}

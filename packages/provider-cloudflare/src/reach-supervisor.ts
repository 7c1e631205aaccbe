import { connectSupervisor, openDoor, type SupervisorConnection } from "@glovebox/supervisor";
import { webSocketAgent } from "./worker/host-proxy.ts";
import { mapAnswer } from "./worker/map-answer.ts";
import { retry } from "./worker/retry.ts";
import { WorkerAnswer } from "./worker/worker-answer.ts";
import type { WorkerClient } from "./worker/worker-client.ts";

const doing = "opening the way to the sandbox";

/** A connection to the supervisor of a sandbox that runs, through the Worker. */
export function reachSupervisor(
  client: WorkerClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  const url = client.url(`v1/sandboxes/${encodeURIComponent(id)}/door`);
  const agent = webSocketAgent(url);
  url.protocol = url.protocol.replace("http", "ws");
  const open = async (): Promise<SupervisorConnection> => {
    const duplex = await openDoor({
      url: url.href,
      headers: client.headers,
      providerId: "cloudflare",
      onRefused: (refusal) => mapAnswer(new WorkerAnswer(refusal), doing),
      ...(agent && { agent }),
      ...(signal && { signal }),
    });
    return connectSupervisor(duplex, { providerId: "cloudflare", ...(signal && { signal }) });
  };
  return retry(open, { signal });
}

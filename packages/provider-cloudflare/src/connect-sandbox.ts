import { type ConnectOptions, SandboxStoppedError } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { checkTtl } from "./check-spec.ts";
import type { CloudflareContext } from "./cloudflare-context.ts";
import { CloudflareSandbox } from "./cloudflare-sandbox.ts";
import { checkEgress } from "./egress/check-egress.ts";
import { openEgress } from "./egress/open-egress.ts";
import { reachSupervisor } from "./reach-supervisor.ts";
import type { SandboxRecord } from "./worker/worker-replies.ts";

/** `SandboxProvider.connect`. */
export async function connectSandbox(
  { sandboxes }: CloudflareContext,
  id: string,
  { signal, wakeForMs, egress: policy, egressObserver }: ConnectOptions = {},
): Promise<CloudflareSandbox> {
  if (wakeForMs !== undefined) checkTtl(wakeForMs);
  if (policy !== undefined) checkEgress(policy);
  const call = signal === undefined ? {} : { signal };
  const record = await sandboxes.get(id, signal);
  if (record.state === "stopped") {
    if (wakeForMs === undefined) throw stopped(record);
    await sandboxes.wake(id, wakeForMs, signal);
  }
  const egress = policy && openEgress(policy, egressObserver);
  let connection: SupervisorConnection | undefined;
  try {
    connection = await reachSupervisor(sandboxes.client, id, signal);
    if (egress !== undefined) await connection.configure(await egress.configuration(), call);
    return new CloudflareSandbox({ sandboxes, id, connection, created: false, egress });
  } catch (error) {
    await Promise.all([connection?.close(), egress?.close()]);
    throw error;
  }
}

function stopped({ id, recoverable, stopReason = "" }: SandboxRecord): SandboxStoppedError {
  return new SandboxStoppedError(`The Cloudflare sandbox ${id} does not run. ${stopReason}`.trim(), {
    providerId: "cloudflare",
    hint: recoverable === false ? "Its files are gone." : "Its files are kept: connect with wakeForMs to start it.",
  });
}

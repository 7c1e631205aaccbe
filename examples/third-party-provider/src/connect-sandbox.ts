import { type ConnectOptions, SandboxNotFoundError } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { checkTtl } from "./check-spec.ts";
import { checkEgress } from "./egress/check-egress.ts";
import { openEgress } from "./egress/open-egress.ts";
import { throwIfAborted } from "./map-failure.ts";
import { reachSupervisor, stopped } from "./reach-supervisor.ts";
import { startSandbox } from "./start-sandbox.ts";
import { StateStore } from "./state/state-store.ts";

/** `SandboxProvider.connect`. */
export async function connectSandbox(
  settings: ResolvedSettings,
  id: string,
  { signal, wakeForMs, egress: policy, egressObserver: observer }: ConnectOptions = {},
): Promise<BubblewrapSandbox> {
  if (wakeForMs !== undefined) checkTtl(wakeForMs);
  if (policy !== undefined) checkEgress(policy);
  throwIfAborted(signal, "connecting to the sandbox");
  const folder = new StateStore(settings.stateDir).folder(id);
  const record = folder.readRecord();
  if (record === undefined) {
    throw new SandboxNotFoundError(`There is no bubblewrap sandbox ${id}`, { providerId: "bubblewrap" });
  }
  const running = folder.runningProcess() !== undefined;
  if (!running) {
    if (wakeForMs === undefined) throw stopped();
    await startSandbox(settings, folder, record, wakeForMs);
  }
  const egress = policy && openEgress(policy, observer);
  let connection: SupervisorConnection | undefined;
  try {
    connection = await reachSupervisor(folder, signal);
    if (egress !== undefined) await connection.configure(await egress.configuration(), { ...(signal && { signal }) });
    return new BubblewrapSandbox({ settings, id, folder, connection, created: false, egress });
  } catch (error) {
    await Promise.all([connection?.close(), egress?.close()]);
    throw error;
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { type Sandbox, SandboxTimeoutError } from "@glovebox/core/provider";

const stopTimeoutMs = 30_000;

/** Ends everything that runs in a sandbox and keeps its files, by the end of its lease. Resolves once it has stopped. */
export async function stopSandbox(sandbox: Sandbox): Promise<void> {
  await sandbox.extend(1);
  const until = Date.now() + stopTimeoutMs;
  for (;;) {
    const { state } = await sandbox.info();
    if (state === "stopped") return;
    if (Date.now() > until) {
      throw new SandboxTimeoutError(`The sandbox ${sandbox.id} did not stop within ${stopTimeoutMs / 1000} seconds`);
    }
    await delay(50);
  }
}

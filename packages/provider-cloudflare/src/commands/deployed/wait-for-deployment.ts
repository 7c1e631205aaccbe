import { setTimeout as pause } from "node:timers/promises";
import { SandboxError, SandboxTimeoutError } from "@glovebox/core/provider";
import { type AboutWorker, aboutWorker, type WorkerAddress } from "./worker-api.ts";

/** A new workers.dev name takes a while to resolve everywhere. */
const patienceMs = 5 * 60_000;
const pollMs = 1000;

/** Waits until a Worker responds with the deployed version and accepts the deployed key. */
export async function waitForDeployment(
  address: WorkerAddress,
  version: string,
  signal: AbortSignal,
): Promise<AboutWorker> {
  const deadline = performance.now() + patienceMs;
  let last = "it did not answer";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const about = await aboutWorker(address, signal);
      if (about.version === version) return about;
      last = `version ${about.version} answers, and not ${version}`;
    } catch (error) {
      // Until the deployment and the secret have propagated, an older version responds, or none.
      if (!SandboxError.isInstance(error)) throw error;
      last = error.message;
    }
    await pause(pollMs);
  }
  throw new SandboxTimeoutError(`The Worker is deployed but not ready after 5 minutes: ${last}`, {
    hint: "Check it again with `glovebox cloudflare status`.",
  });
}

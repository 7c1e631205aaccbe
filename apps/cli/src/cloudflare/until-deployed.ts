import { setTimeout as pause } from "node:timers/promises";
import { SandboxError, SandboxTimeoutError } from "@glovebox/core/provider";
import { type AboutWorker, aboutWorker, type WorkerAddress } from "./worker-api.ts";

/** A name of workers.dev that was made a moment ago is not known everywhere at once. */
const patienceMs = 5 * 60_000;
const pollMs = 1000;

/** Waits until a Worker answers with the version that was deployed, and takes the key that it was given. */
export async function untilDeployed(
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
      // Until the deployment and the secret have reached every place, an older one or nobody answers.
      if (!SandboxError.isInstance(error)) throw error;
      last = error.message;
    }
    await pause(pollMs);
  }
  throw new SandboxTimeoutError(`The Worker is deployed, but not in service after 5 minutes: ${last}`, {
    hint: "`glovebox cloudflare status` asks it again.",
  });
}

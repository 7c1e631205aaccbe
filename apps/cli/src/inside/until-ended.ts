import { setTimeout as sleep } from "node:timers/promises";
import { type Sandbox, SandboxError } from "@glovebox/core/provider";

const everyMs = 3000;

/** Resolves to `ended` when the sandbox is gone or has stopped, and to `interrupted` when the signal is aborted. */
export async function untilEnded(sandbox: Sandbox, signal: AbortSignal): Promise<"ended" | "interrupted"> {
  for (;;) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return "interrupted";
    try {
      if ((await sandbox.info({ signal })).state !== "running") return "ended";
    } catch (error) {
      if (signal.aborted) return "interrupted";
      // One that does not answer for a moment is looked at again.
      if (!SandboxError.isInstance(error) || !["unavailable", "timeout"].includes(error.code)) return "ended";
    }
  }
}

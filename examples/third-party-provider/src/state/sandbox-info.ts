import type { SandboxInfo, SandboxState } from "@glovebox/core/provider";
import type { SandboxFolder, SandboxRecord } from "./sandbox-folder.ts";

/** What the state folder alone can tell. The lease of a sandbox that runs is known to its supervisor only. */
export function sandboxInfo(id: string, folder: SandboxFolder, record: SandboxRecord): SandboxInfo {
  const state = stateOf(folder, record);
  const leaseEndsAt = state === "stopped" ? folder.endedAt() : undefined;
  return {
    id,
    providerId: "bubblewrap",
    state,
    labels: record.labels,
    createdAt: new Date(record.createdAt),
    templateDigest: record.templateDigest,
    rootInside: false,
    ...(leaseEndsAt === undefined ? {} : { leaseEndsAt }),
  };
}

/** One that was never started is past its start after its own lease. */
function stateOf(folder: SandboxFolder, record: SandboxRecord): SandboxState {
  if (folder.runningProcess() !== undefined) return "running";
  if (folder.wasStarted()) return "stopped";
  return Date.now() - Date.parse(record.createdAt) > record.ttlMs ? "stopped" : "starting";
}

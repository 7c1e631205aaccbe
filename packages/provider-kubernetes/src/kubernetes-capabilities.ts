import type { Capabilities } from "@glovebox/core/provider";
import { longestTtlMs, supervisedCapabilities } from "@glovebox/provider-kit";

/**
 * The most that sandboxes on Kubernetes can do. The number of processes is a node's to limit, and a full disk evicts a pod instead of
 * failing a write, so that neither limit is claimed.
 */
export const kubernetesCapabilities: Capabilities = {
  ...supervisedCapabilities,
  templates: { image: true, dockerfile: true },
  resources: { cpus: true, memoryMiB: true, pids: false, diskMiB: false, openFiles: true, tmpMiB: true, shmMiB: true },
  wake: true,
  // By snapshots of volumes: where the settings name a class of both.
  snapshot: true,
  maxTtlMs: longestTtlMs,
};

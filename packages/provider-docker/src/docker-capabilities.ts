import type { Capabilities } from "@glovebox/core/provider";
import { longestTtlMs } from "@glovebox/provider-kit";

/** The most that sandboxes on Docker can do. What this engine can do is what `preflight` reports. */
export const dockerCapabilities: Capabilities = {
  templates: { image: true, dockerfile: true },
  resources: { cpus: true, memoryMiB: true, pids: true, diskMiB: true, openFiles: true, tmpMiB: true, shmMiB: true },
  egress: {
    modes: ["none", "sealed", "standard", "open"],
    hosts: true,
    ports: true,
    credentials: true,
    paths: true,
    audit: true,
    metering: true,
  },
  mounts: true,
  rootInside: true,
  wake: true,
  stats: true,
  pty: true,
  endpoint: true,
  pause: true,
  snapshot: true,
  watch: true,
  maxTtlMs: longestTtlMs,
};

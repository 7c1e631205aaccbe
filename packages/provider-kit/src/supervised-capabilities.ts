import type { Capabilities } from "@glovebox/core/provider";
import { longestTtlMs } from "./checks/check-ttl.ts";

/**
 * What sandboxes without a network can do by their supervisor alone, to spread into a provider's `capabilities`. The rest is
 * false: templates, limits, mounts, root inside, waking, pausing and snapshots depend on the vendor.
 */
export const supervisedCapabilities: Capabilities = {
  templates: { image: false, dockerfile: false },
  resources: {
    cpus: false,
    memoryMiB: false,
    pids: false,
    diskMiB: false,
    openFiles: false,
    tmpMiB: false,
    shmMiB: false,
  },
  egress: {
    modes: ["none", "sealed", "standard", "open"],
    hosts: true,
    ports: true,
    credentials: true,
    paths: true,
    audit: true,
    metering: true,
  },
  mounts: false,
  rootInside: false,
  wake: false,
  stats: true,
  pty: true,
  endpoint: true,
  pause: false,
  snapshot: false,
  watch: true,
  maxTtlMs: longestTtlMs,
};

import type { Capabilities } from "@glovebox/core/provider";

/** The longest lease, in milliseconds: 20 days, the most that one timer can hold. */
export const maxTtlMs = 20 * 24 * 60 * 60 * 1000;

/** What is false here is not enforced: no control group limits memory, processes or processor time. */
export const capabilities: Capabilities = {
  templates: { image: false, dockerfile: false },
  resources: { cpus: false, memoryMiB: false, pids: false, diskMiB: false, openFiles: true, tmpMiB: true },
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
  wake: true,
  stats: false,
  pty: false,
  endpoint: false,
  pause: false,
  snapshot: false,
  watch: false,
  maxTtlMs,
};

import type { Capabilities } from "@glovebox/core/provider";

/** The longest lease, in milliseconds: 24 hours, as the plan Pro has it. The plan Hobby grants one hour. */
export const maxTtlMs = 24 * 60 * 60 * 1000;

/**
 * What sandboxes on E2B can do. What is false of the way out is what E2B's network rules do not know: ports, paths, what
 * passed. A sandbox's size is its template's.
 */
export const e2bCapabilities: Capabilities = {
  templates: { image: true, dockerfile: false },
  resources: { cpus: false, memoryMiB: false, pids: false, diskMiB: false, openFiles: true, tmpMiB: false },
  egress: {
    modes: ["none", "sealed", "standard", "open"],
    hosts: true,
    ports: false,
    credentials: true,
    paths: false,
    audit: false,
    metering: false,
  },
  mounts: false,
  rootInside: true,
  wake: true,
  stats: true,
  pty: true,
  endpoint: true,
  pause: true,
  snapshot: true,
  watch: true,
  maxTtlMs,
};

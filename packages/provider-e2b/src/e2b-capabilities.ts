import type { Capabilities } from "@glovebox/core/provider";

/** The longest lease, in milliseconds: 24 hours, the limit of the Pro plan. The Hobby plan allows one hour. */
const maxTtlMs = 24 * 60 * 60 * 1000;

/**
 * What sandboxes on E2B can do. E2B's network rules support neither ports nor paths, and do not log or meter traffic. The
 * template determines a sandbox's size.
 */
export const e2bCapabilities: Capabilities = {
  templates: { image: true, dockerfile: true },
  resources: {
    cpus: false,
    memoryMiB: false,
    pids: false,
    diskMiB: false,
    openFiles: true,
    tmpMiB: false,
    shmMiB: false,
  },
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

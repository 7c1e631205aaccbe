import type { Capabilities } from "@glovebox/core/provider";

/** The longest lease, in milliseconds: 20 days, the most that one timer can hold. */
export const maxTtlMs = 20 * 24 * 60 * 60 * 1000;

/**
 * The most that sandboxes on Cloudflare can do. A container's size is the setting `instanceType`, which Cloudflare enforces:
 * no limit can be read back from inside, so that none is claimed.
 */
export const cloudflareCapabilities: Capabilities = {
  templates: { image: true, dockerfile: false },
  resources: { cpus: false, memoryMiB: false, pids: false, diskMiB: false, openFiles: false, tmpMiB: false },
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
  rootInside: true,
  wake: true,
  stats: true,
  pty: true,
  endpoint: true,
  pause: false,
  snapshot: true,
  watch: true,
  maxTtlMs,
};

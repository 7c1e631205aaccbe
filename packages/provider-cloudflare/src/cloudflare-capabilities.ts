import type { Capabilities } from "@glovebox/core/provider";
import { longestTtlMs } from "@glovebox/provider-kit";

/**
 * What sandboxes on Cloudflare can do at most. Cloudflare enforces the size, which is the setting `instanceType`. No resource
 * limit can be verified from inside, so none is supported.
 */
export const cloudflareCapabilities: Capabilities = {
  templates: { image: true, dockerfile: false },
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
  rootInside: true,
  wake: true,
  stats: true,
  pty: true,
  endpoint: true,
  pause: false,
  snapshot: true,
  watch: true,
  maxTtlMs: longestTtlMs,
};

import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { openSandboxEgress, type SandboxEgress } from "@glovebox/egress-gateway";
import { egressPort, supervisorPaths } from "@glovebox/supervisor";
import { hostCertificates } from "./host-certificates.ts";

/**
 * Opens the way out of a sandbox: the gateway runs in this process, and serves what the supervisor hands over. A policy that
 * cannot work is `invalid-options`. `env` is the user's own.
 */
export function openEgress(
  policy: EgressPolicy,
  observer: EgressObserver | undefined,
  env: Readonly<Record<string, string>> = {},
): SandboxEgress {
  return openSandboxEgress({
    policy,
    origin: `http://127.0.0.1:${egressPort}`,
    caBundle: supervisorPaths.certificates,
    hostCertificates: async () => hostCertificates(),
    env,
    ...(observer && { observer }),
  });
}

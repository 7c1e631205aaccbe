import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { openSandboxEgress, type SandboxEgress } from "@glovebox/egress-gateway";
import { egressPort, supervisorPaths } from "@glovebox/supervisor";
import { extraCertificates } from "../image/extra-certificates.ts";

/** Where programs inside find the gateway: the supervisor's loopback port. */
export const egressOrigin = `http://127.0.0.1:${egressPort}`;

/** Opens the way out of a sandbox. A policy that cannot work is `invalid-options`. `env` is the user's own. */
export function openEgress(
  policy: EgressPolicy,
  observer: EgressObserver | undefined,
  env: Readonly<Record<string, string>> = {},
): SandboxEgress {
  return openSandboxEgress({
    policy,
    origin: egressOrigin,
    caBundle: supervisorPaths.certificates,
    hostCertificates: async () => (await extraCertificates())?.extra,
    env,
    ...(observer && { observer }),
  });
}

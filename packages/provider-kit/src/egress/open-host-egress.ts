import { hostCertificates } from "@glovebox/core/host-certificates";
import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import { openSandboxEgress, type SandboxEgress } from "@glovebox/egress-gateway";
import { egressPort, supervisorPaths } from "@glovebox/supervisor";

/** Where programs in a sandbox without a network find the gateway: the supervisor's loopback port. */
export const egressOrigin = `http://127.0.0.1:${egressPort}`;

export interface HostEgressOptions {
  readonly policy: EgressPolicy;
  readonly observer?: EgressObserver | undefined;
  /** The user's own variables, which win over the gateway's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the supervisor puts the certificates that the sandbox trusts. Default: where root does. */
  readonly caBundle?: string | undefined;
}

/**
 * Opens the egress of a sandbox that has no network: the gateway runs in this process and serves what the supervisor hands
 * over. Does no I/O. A policy that cannot work is `invalid-options`.
 */
export function openHostEgress({ policy, observer, env, caBundle }: HostEgressOptions): SandboxEgress {
  return openSandboxEgress(
    dropUndefined({
      policy,
      origin: egressOrigin,
      caBundle: caBundle ?? supervisorPaths.certificates,
      hostCertificates: () => hostCertificates()?.extra,
      env,
      observer,
    }),
  );
}

import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { CredentialRule, EgressPolicy } from "@glovebox/core/provider";
import { canonicalHost } from "../policy/canonical-host.ts";
import { type Authority, makeAuthority } from "./make-authority.ts";

/** The certificate authority of one run, which speaks for the hosts of its credentials and no other. */
export interface CertificateAuthority {
  /** Its certificate, as PEM. */
  certificate(): Promise<string>;
  /** What a server for the host needs. Made once a host. */
  contextFor(host: string): Promise<SecureContext>;
}

/**
 * An authority belongs to the policy's list of credentials, the very array: a second gateway of the same run, whose policy
 * may be a copy with another limit of cost, serves under the certificate that is installed inside.
 */
const authorities = new WeakMap<readonly CredentialRule[], CertificateAuthority>();

/** The authority of a policy; undefined when no rule of it needs one. Its key is made at the first call and kept in memory alone. */
export function certificateAuthority(policy: EgressPolicy): CertificateAuthority | undefined {
  const { credentials = [] } = policy;
  const hosts = hostsOf(policy);
  if (hosts.length === 0) return undefined;
  const known = authorities.get(credentials);
  if (known !== undefined) return known;
  let made: Promise<Authority> | undefined;
  const authority = (): Promise<Authority> => {
    made ??= makeAuthority(hosts);
    return made;
  };
  const contexts = new Map<string, Promise<SecureContext>>();
  const created: CertificateAuthority = {
    certificate: async () => (await authority()).certificate,
    contextFor: (host) => {
      const context = contexts.get(host) ?? authority().then(async (by) => createSecureContext(await by.issue(host)));
      contexts.set(host, context);
      return context;
    },
  };
  authorities.set(credentials, created);
  return created;
}

function hostsOf({ mode, credentials = [] }: EgressPolicy): string[] {
  const ended = mode === "none" ? [] : credentials.filter(({ tls }) => tls !== false);
  return [...new Set(ended.flatMap(({ host }) => canonicalHost(host) ?? []))].sort((a, b) => isIP(a) - isIP(b));
}

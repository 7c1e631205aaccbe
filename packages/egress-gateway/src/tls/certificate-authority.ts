import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { canonicalHost } from "@glovebox/core/network";
import type { CredentialRule, EgressPolicy } from "@glovebox/core/provider";
import { type Authority, makeAuthority } from "./make-authority.ts";

/** The certificate authority of one run, which signs for the hosts of its credentials and no other. */
export class CertificateAuthority {
  readonly #hosts: readonly string[];
  readonly #contexts = new Map<string, Promise<SecureContext>>();
  #authority: Promise<Authority> | undefined;

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
  }

  /** Its certificate, as PEM. */
  async certificate(): Promise<string> {
    return (await this.#create()).certificate;
  }

  /** The key and certificate of a server for the host. Created once per host. */
  contextFor(host: string): Promise<SecureContext> {
    const context = this.#contexts.get(host) ?? this.#createContext(host);
    this.#contexts.set(host, context);
    return context;
  }

  async #createContext(host: string): Promise<SecureContext> {
    return createSecureContext(await (await this.#create()).issue(host));
  }

  #create(): Promise<Authority> {
    this.#authority ??= makeAuthority(this.#hosts);
    return this.#authority;
  }
}

/**
 * An authority belongs to the policy's list of credentials, the very array: a second gateway of the same run, whose policy
 * may be a copy with another cost limit, serves under the certificate that is installed inside.
 */
const authorities = new WeakMap<readonly CredentialRule[], CertificateAuthority>();

/** The authority of a policy; undefined when no rule of it needs one. Its key is created at the first call and stays in memory. */
export function certificateAuthority(policy: EgressPolicy): CertificateAuthority | undefined {
  const { credentials = [] } = policy;
  const hosts = hostsOf(policy);
  if (hosts.length === 0) return undefined;
  const authority = authorities.get(credentials) ?? new CertificateAuthority(hosts);
  authorities.set(credentials, authority);
  return authority;
}

function hostsOf({ mode, credentials = [] }: EgressPolicy): string[] {
  const ended = mode === "none" ? [] : credentials.filter(({ tls }) => tls !== false);
  return [...new Set(ended.flatMap(({ host }) => canonicalHost(host) ?? []))].sort((a, b) => isIP(a) - isIP(b));
}

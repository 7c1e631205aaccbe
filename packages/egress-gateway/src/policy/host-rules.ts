import { isIP } from "node:net";
import { addressScope, type HostPattern, hostAndPort, hostPattern, matchesTarget } from "@glovebox/core/network";
import {
  type CredentialRule,
  type DenyRule,
  type EgressPolicy,
  InvalidOptionsError,
  type Remedy,
} from "@glovebox/core/provider";
import type { RefusalAdvice } from "../egress-refusal.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";
import { type ReservedHost, ReservedHosts } from "./reserved-hosts.ts";
import type { Target } from "./target.ts";

/** Whether a host may be reached, and by what. */
export type HostDecision =
  | {
      readonly allowed: true;
      /** Absent where the mode alone allowed it. */
      readonly rule?: string;
      /** Whether the connection may carry something other than HTTP and TLS. */
      readonly anyProtocol: boolean;
      readonly credential?: CredentialRule;
    }
  | { readonly allowed: false; readonly rule?: string; readonly reason: string; readonly advice?: RefusalAdvice };

export interface AddressRefusal {
  readonly reason: string;
  readonly advice?: RefusalAdvice;
}

/** The rules of a policy about hosts, parsed once. */
export class HostRules {
  readonly #mode: EgressPolicy["mode"];
  readonly #allowed: readonly HostPattern[];
  readonly #denied: readonly HostPattern[];
  /** Every host that the policy names. A credential's host may be reached, so it counts as named. */
  readonly #named: readonly HostPattern[];
  readonly #reserved: ReservedHosts;
  readonly #describe: EgressPolicy["describeRemedy"];

  /** A rule that cannot be parsed is `invalid-options`. */
  constructor(policy: EgressPolicy) {
    const { mode, allow = [], deny = [], credentials = [] } = policy;
    this.#mode = mode;
    this.#describe = policy.describeRemedy;
    this.#allowed = allow.map(hostPattern);
    this.#named = [
      ...this.#allowed,
      ...credentials.map(({ host, port, source }) => hostPattern({ host, source, port: port ?? 443 })),
    ];
    this.#denied = deny.map(denial);
    this.#reserved = new ReservedHosts(policy);
  }

  /** Hosts that are reached in one way only: those of models and of credentials. */
  get reserved(): readonly ReservedHost[] {
    return this.#reserved.guarded;
  }

  /** Decides by the host of the request, before anything is resolved. */
  decide(target: Target): HostDecision {
    if (this.#mode === "none") {
      return {
        allowed: false,
        reason: "this run has no network",
        advice: this.#advise({ set: "network", value: "standard" }),
      };
    }
    const reserved = this.#reserved.for(target);
    if (reserved !== undefined) return decideReserved(reserved, target);
    const matching = this.#allowed.filter((pattern) => matchesTarget(pattern, target));
    const rule = matching.find(({ port }) => port !== undefined) ?? matching[0];
    if (rule !== undefined) {
      const anyProtocol = target.port !== 443 && (rule.port !== undefined || this.#mode === "open");
      return { allowed: true, rule: rule.label, anyProtocol };
    }
    if (this.#mode === "open") return { allowed: true, anyProtocol: target.port !== 443 };
    const name = hostAndPort(target.host, target.port);
    // The client means the sandbox: a hint would open the user's own machine to it.
    if (isLoopbackHost(target.host)) {
      return { allowed: false, reason: `${name} is the sandbox itself, and not reached by the proxy` };
    }
    return {
      allowed: false,
      reason: `${name} is not among the hosts that this run may reach`,
      advice: this.#advise({ allowHost: hostOf(target) }),
    };
  }

  /** Decides whether to connect to an address: `target.host` itself, or what it resolved to. Returns undefined to allow it. */
  refuseAddress(address: string, target: Target): AddressRefusal | undefined {
    const denied = this.#denied.find((pattern) => pattern.matches(address));
    if (denied !== undefined && !this.#names(target) && !this.#names({ host: address, port: target.port })) {
      const what = target.host === address ? address : `${target.host}, which resolves to ${address},`;
      return { reason: `${what} is denied by ${denied.label}` };
    }
    const scope = addressScope(address);
    if (scope === undefined || this.#allowsPrivate(address, target, scope)) return undefined;
    const reason =
      target.host === address
        ? `${address} is ${scope}, and no rule names it`
        : `${target.host} resolves to ${address}, ${scope} that no rule names`;
    // Only what a company may have is worth a hint: not the user's own machine, nor what no rule should name.
    const isOwn = /loopback|host itself/.test(scope);
    return isOwn || isNeverNamed(scope)
      ? { reason }
      : { reason, advice: this.#advise({ allowHost: hostOf({ host: address, port: target.port }) }) };
  }

  /** Whether a rule allows an address that is not public. */
  #allowsPrivate(address: string, target: Target, scope: string): boolean {
    const isName = target.host !== address;
    if (isName && !isNeverNamed(scope)) {
      const byRule = this.#allowed.some((pattern) => pattern.mayBePrivate && matchesTarget(pattern, target));
      if (byRule) return true;
    }
    // A name that a rule allows may resolve to a named address on each of its ports. Any other name must match the
    // address's own rule: in the mode `open`, a name that the agent registered opens no other port of it.
    const isAllowedName = isName && this.#names(target);
    return this.#named.some(
      (pattern) =>
        pattern.matches(address) && (pattern.matchesPort(target.port) || (isAllowedName && pattern.port === undefined)),
    );
  }

  #advise(remedy: Remedy): RefusalAdvice {
    const text = this.#describe?.(remedy);
    return { remedy, ...(text !== undefined && { text }) };
  }

  #names(target: Target): boolean {
    return this.#named.some((pattern) => matchesTarget(pattern, target));
  }
}

function decideReserved({ credential, reason, port }: ReservedHost, target: Target): HostDecision {
  if (credential === undefined || port !== target.port) return { allowed: false, reason };
  const rule = `credential ${credential.host} (${credential.source})`;
  return { allowed: true, rule, anyProtocol: false, credential };
}

/** A host as a remedy names it. */
function hostOf({ host, port }: Target): string {
  return port === 80 || port === 443 ? host : hostAndPort(host, port);
}

/** Parses a rule of `EgressPolicy.deny`. Those are about addresses: only the resolver knows what a name resolves to. */
function denial(rule: DenyRule): HostPattern {
  if (isIP(rule.host.split("/", 1)[0] ?? "") === 0) {
    throw new InvalidOptionsError(`${rule.source}: ${JSON.stringify(rule.host)} is not an address that can be denied`, {
      hint: "Give an address or a block of addresses such as 203.0.113.0/24",
    });
  }
  return hostPattern(rule);
}

/** Kinds of addresses that no registry has: a name resolves to one by attack or by mistake. */
function isNeverNamed(scope: string): boolean {
  return ["link-local", "metadata", "multicast", "unspecified"].some((kind) => scope.includes(kind));
}

import { isIP } from "node:net";
import { type CredentialRule, type DenyRule, type EgressPolicy, InvalidOptionsError } from "@glovebox/core/provider";
import { addressScope } from "./address-scope.ts";
import { canonicalHost, hostAndPort } from "./canonical-host.ts";
import { type HostPattern, hostPattern } from "./host-pattern.ts";
import type { Target } from "./target.ts";

/** Whether a host may be reached, and by what. */
export type HostDecision =
  | {
      readonly allowed: true;
      /** Absent where no rule but the mode let it pass. */
      readonly rule?: string;
      /** Whether something other than HTTP and TLS may be spoken there. */
      readonly anyProtocol: boolean;
      readonly credential?: CredentialRule;
    }
  | { readonly allowed: false; readonly rule?: string; readonly reason: string; readonly hint?: string };

/** The rules of a policy about hosts, read once. */
export interface HostRules {
  /** Decides by the host as it was asked for, before anything is resolved. */
  decide(target: Target): HostDecision;
  /** Decides whether an address may be connected to: `target.host` itself, or what it resolved to. Undefined when it may. */
  refuseAddress(address: string, target: Target): { readonly reason: string; readonly hint?: string } | undefined;
  /** Hosts that are reached in one way only: those of models and of credentials. */
  readonly reserved: readonly ReservedHost[];
}

/** A host that is never tunnelled to, whatever allows it: inside, another credential could be used there. */
export interface ReservedHost extends Target {
  /** Why, for people. */
  readonly reason: string;
  readonly credential?: CredentialRule;
}

/** Reads a policy's rules about hosts; one that cannot be read is `invalid-options`. */
export function hostRules(policy: EgressPolicy): HostRules {
  const credentials = policy.credentials ?? [];
  const patterns = (policy.allow ?? []).map(hostPattern);
  // The host of a credential may be reached, so an address that it names is one that the policy names.
  const named = [
    ...patterns,
    ...credentials.map(({ host, port, source }) => ({ ...hostPattern({ host, source }), port: port ?? 443 })),
  ];
  const denials = (policy.deny ?? []).map(denial);
  const reserved = [...credentials.map(reservedCredential), ...policy.models.map(reservedModel)];

  const allows = (target: Target): boolean => named.some((pattern) => fits(pattern, target));

  const decide = (target: Target): HostDecision => {
    if (policy.mode === "none") {
      return { allowed: false, reason: "this run has no network", hint: "--network standard" };
    }
    const kept = reservedFor(reserved, target);
    if (kept !== undefined) {
      const { credential, reason, port } = kept;
      if (credential === undefined || port !== target.port) return { allowed: false, reason };
      return {
        allowed: true,
        rule: `credential ${credential.host} (${credential.source})`,
        anyProtocol: false,
        credential,
      };
    }
    const found = patterns.filter((pattern) => fits(pattern, target));
    const rule = found.find(({ port }) => port !== undefined) ?? found[0];
    if (rule !== undefined) {
      const anyProtocol = target.port !== 443 && (rule.port !== undefined || policy.mode === "open");
      return { allowed: true, rule: rule.label, anyProtocol };
    }
    if (policy.mode === "open") return { allowed: true, anyProtocol: target.port !== 443 };
    const asked = hostAndPort(target.host, target.port);
    return {
      allowed: false,
      reason: `${asked} is not among the hosts that this run may reach`,
      hint: allowHint(target),
    };
  };

  const refuseAddress = (address: string, target: Target) => {
    const denied = denials.find((pattern) => pattern.matches(address));
    if (denied !== undefined && !allows(target) && !allows({ host: address, port: target.port })) {
      const what = target.host === address ? address : `${target.host}, which resolves to ${address},`;
      return { reason: `${what} is denied by ${denied.label}` };
    }
    const scope = addressScope(address);
    if (scope === undefined) return undefined;
    const direct = target.host === address;
    if (!direct && !isNeverNamed(scope) && patterns.some((pattern) => pattern.mayBePrivate && fits(pattern, target))) {
      return undefined;
    }
    // What a rule allows by name may resolve to a named address on each of its ports; anything else must fit the
    // address's own rule, so that in the mode `open` a name of the agent's making opens no other port of it.
    const byName = !direct && allows(target);
    const covered = (pattern: HostPattern): boolean =>
      pattern.matches(address) && (onPort(pattern, target.port) || (byName && pattern.port === undefined));
    if (named.some(covered)) return undefined;
    const reason = direct
      ? `${address} is ${scope}, and no rule names it`
      : `${target.host} resolves to ${address}, ${scope} that no rule names`;
    return { reason, hint: allowHint({ host: address, port: target.port }) };
  };

  return { decide, refuseAddress, reserved: reserved.filter(isGuarded) };
}

/** The flag that lets a host pass. */
function allowHint({ host, port }: Target): string {
  return `--allow-host ${port === 80 || port === 443 ? host : hostAndPort(host, port)}`;
}

function onPort(pattern: HostPattern, port: number): boolean {
  if (pattern.port === "any") return true;
  return pattern.port === undefined ? port === 80 || port === 443 : pattern.port === port;
}

function fits(pattern: HostPattern, { host, port }: Target): boolean {
  return pattern.matches(host) && onPort(pattern, port);
}

/** A rule of `EgressPolicy.deny`, which is about addresses: what a name stands for, only its resolver knows. */
function denial(rule: DenyRule): HostPattern {
  if (isIP(rule.host.split("/", 1)[0] ?? "") === 0) {
    throw new InvalidOptionsError(`${rule.source}: ${JSON.stringify(rule.host)} is not an address that can be denied`, {
      hint: "Give an address or a block of addresses such as 203.0.113.0/24",
    });
  }
  return hostPattern(rule);
}

/** What no registry has: an address is of one of these kinds by attack or by mistake. */
function isNeverNamed(scope: string): boolean {
  return ["link-local", "metadata", "multicast", "unspecified"].some((kind) => scope.includes(kind));
}

/** What reserves a target: a model before all, then the credential of its very port. */
function reservedFor(reserved: readonly ReservedHost[], target: Target): ReservedHost | undefined {
  const found = reserved.filter((host) => covers(host, target) && (isGuarded(host) || host.port === target.port));
  return (
    found.find(({ credential }) => credential === undefined) ??
    found.find(({ port }) => port === target.port) ??
    found[0]
  );
}

/** Whether a target is a reserved host: on loopback each port is another service, elsewhere all are the same party's. */
export function covers(reserved: Target, asked: Target): boolean {
  return reserved.host === asked.host && (!isLoopback(reserved.host) || reserved.port === asked.port);
}

/** Whether a host's other ways are shut: where headers are set and no more, they are not. */
function isGuarded({ credential }: ReservedHost): boolean {
  return credential?.guarded !== false;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || (isIP(host) !== 0 && /^(127\.|::1$)/.test(host));
}

function reservedCredential(credential: CredentialRule): ReservedHost {
  const host = canonicalHost(credential.host) ?? credential.host;
  const port = credential.port ?? 443;
  const form = credential.tls === false ? "http" : "https";
  return {
    host,
    port,
    credential,
    reason: `${host} has a credential: it is reached as ${form}://${hostAndPort(host, port)} alone`,
  };
}

function reservedModel(route: EgressPolicy["models"][number]): ReservedHost {
  const url = new URL(route.upstream);
  const host = canonicalHost(url.hostname) ?? url.hostname;
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host, port, reason: `${host} is the host of model ${route.id}, which is reached by its route alone` };
}

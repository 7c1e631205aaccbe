import { isIP } from "node:net";
import { canonicalHost } from "@glovebox/core/network";
import { EgressRefusal, type RefusalAdvice } from "../egress-refusal.ts";
import type { HostRules } from "../policy/host-rules.ts";
import { covers } from "../policy/reserved-hosts.ts";
import type { Target } from "../policy/target.ts";

/** All addresses of a name; rejects when it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Those of a target's addresses that may be connected to; rejects with a denial when it has some and none may. */
export async function permittedAddresses(target: Target, rules: HostRules, resolve: Resolve): Promise<string[]> {
  const addresses = await addressesOf(target.host, resolve);
  let refusal: EgressRefusal | undefined;
  const kept: string[] = [];
  for (const address of addresses) {
    const refused = (await refuseReserved(address, target, rules, resolve)) ?? rules.refuseAddress(address, target);
    if (refused === undefined) kept.push(address);
    else refusal ??= new EgressRefusal("denied", 403, refused.reason, refused.advice);
  }
  if (kept.length > 0) return kept;
  throw refusal ?? new EgressRefusal("failed", 502, `${target.host} has no address`);
}

async function addressesOf(host: string, resolve: Resolve): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  return (await resolve(host)).flatMap((address) => canonicalHost(address) ?? []);
}

/** By its address a host is the same: what is reached in one way only is not reached by address in another. */
async function refuseReserved(
  address: string,
  target: Target,
  rules: HostRules,
  resolve: Resolve,
): Promise<{ readonly reason: string; readonly advice?: RefusalAdvice } | undefined> {
  for (const reserved of rules.reserved) {
    if (reserved.host === target.host) continue;
    // Names share addresses (a CDN's), so only an address that was asked for as such is compared with a name's.
    if (isIP(reserved.host) === 0 && target.host !== address) continue;
    const addresses = await addressesOf(reserved.host, resolve).catch(() => []);
    const same = addresses.some((host) => covers({ host, port: reserved.port }, { host: address, port: target.port }));
    if (same) return { reason: `${address} is ${reserved.host}: ${reserved.reason}` };
  }
  return undefined;
}

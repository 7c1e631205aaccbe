import { targetOf } from "@glovebox/core/host-proxy";
import type { EgressPolicy } from "@glovebox/core/provider";
import ipaddr from "ipaddr.js";
import { isLoopbackHost } from "./is-loopback-host.ts";

/** The ports at which a policy names the loopback of the host, by name, by address or by a block that it lies in. */
export function loopbackPorts({ allow = [], credentials = [], models }: EgressPolicy): readonly number[] | "any" {
  const upstreams = models.map(({ upstream }) => targetOf(new URL(upstream)));
  const own = credentials.map(({ host, port = 443 }) => ({ host, port }));
  const named = [...allow, ...own, ...upstreams].filter(({ host }) =>
    host.includes("/") ? holdsLoopback(host) : isLoopbackHost(host.replace(/^\*\./, "")),
  );
  if (named.some(({ port }) => port === "any")) return "any";
  return [...new Set(named.flatMap(({ port = 0 }) => (port === "any" ? [] : port === 0 ? [80, 443] : [port])))];
}

function holdsLoopback(block: string): boolean {
  if (!ipaddr.isValidCIDR(block)) return false;
  const [base, bits] = ipaddr.parseCIDR(block);
  // Either lies in the other.
  return ["127.0.0.0/8", "::1/128"].some((text) => {
    const [loopback, own] = ipaddr.parseCIDR(text);
    if (loopback.kind() !== base.kind()) return false;
    return loopback.match(base, Math.min(bits, own));
  });
}

import ipaddr from "ipaddr.js";

const wellKnownNat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** The IPv4 address that a NAT64 or 6to4 address leads to. */
export function carriedAddress(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  const bytes = address.toByteArray();
  if (address.match(wellKnownNat64)) return new ipaddr.IPv4(bytes.slice(12, 16));
  if (address.range() === "6to4") return new ipaddr.IPv4(bytes.slice(2, 6));
  return undefined;
}

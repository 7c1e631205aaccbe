import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { carriedAddress } from "./carried-address.ts";

/** What ipaddr.js takes for ordinary and is not: services of a cloud at a public address. */
const metadata = new Set(["168.63.129.16", "169.254.169.254", "100.100.100.200", "fd00:ec2::254"]);

const publicV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Undefined for an address that anyone on the internet may reach; otherwise what kind it is, for people: `a private address`.
 * An IPv6 address that carries an IPv4 one (NAT64, 6to4) is judged by that.
 */
export function addressScope(text: string): string | undefined {
  if (metadata.has(text)) return "a metadata address";
  const address = ipaddr.process(text);
  const carried = carriedAddress(address);
  if (carried !== undefined) return addressScope(carried.toString());
  const range = address.range();
  if (range !== "loopback" && ownAddresses().has(address.toString())) return "an address of the host itself";
  if (range === "unicast" && (address instanceof ipaddr.IPv4 || address.match(publicV6))) return undefined;
  return names[range] ?? "a reserved address";
}

const names: Readonly<Record<string, string>> = {
  carrierGradeNat: "a shared address",
  linkLocal: "a link-local address",
  loopback: "a loopback address",
  multicast: "a multicast address",
  private: "a private address",
  uniqueLocal: "a private address",
  unspecified: "the unspecified address",
};

function ownAddresses(): Set<string> {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  // A zone is not part of the address.
  return new Set(own.map(({ address }) => ipaddr.process(address.split("%", 1)[0] ?? address).toString()));
}

import { networkInterfaces } from "node:os";
import { type AddressBlock, parseBlock } from "./address-block.ts";

/** What nobody on the internet may reach, and services of clouds that lie at public addresses (IANA's special-purpose registries). */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  // Of IPv6, what is outside of 2000::/3, and within it what is for documentation or carries an IPv4 address.
  "::/3",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "4000::/2",
  "8000::/1",
];

/** Blocks that a client's rule does not open: private, special and the host's own addresses. */
export function specialBlocks(): readonly AddressBlock[] {
  const own = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address));
  return [...special, ...own].flatMap((text) => parseBlock(text.split("%", 1)[0] ?? "") ?? []);
}

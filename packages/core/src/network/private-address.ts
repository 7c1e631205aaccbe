import { BlockList, isIPv6 } from "node:net";

/**
 * The networks of homes and companies, the loopback, and ranges that are nobody's on the internet and that resolvers of
 * virtual networks answer with; not link-local ones, where clouds keep their metadata.
 */
const blocks = new BlockList();
blocks.addSubnet("10.0.0.0", 8);
blocks.addSubnet("100.64.0.0", 10);
blocks.addSubnet("127.0.0.0", 8);
blocks.addSubnet("172.16.0.0", 12);
blocks.addSubnet("192.168.0.0", 16);
for (const documentation of ["192.0.2.0", "198.51.100.0", "203.0.113.0"]) blocks.addSubnet(documentation, 24);
blocks.addSubnet("198.18.0.0", 15);
blocks.addAddress("::1", "ipv6");
blocks.addSubnet("fc00::", 7, "ipv6");

/** Whether an address is one that the user's own configuration may name although the internet has no such host. */
export function isPrivateAddress(address: string): boolean {
  return blocks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

import { BlockList, isIPv6 } from "node:net";

/** The networks of homes and companies, and the loopback; not link-local ones, where clouds keep their metadata. */
const blocks = new BlockList();
blocks.addSubnet("10.0.0.0", 8);
blocks.addSubnet("100.64.0.0", 10);
blocks.addSubnet("127.0.0.0", 8);
blocks.addSubnet("172.16.0.0", 12);
blocks.addSubnet("192.168.0.0", 16);
blocks.addAddress("::1", "ipv6");
blocks.addSubnet("fc00::", 7, "ipv6");

/** Whether an address is one that the user's own configuration may name although the internet has no such host. */
export function isPrivateAddress(address: string): boolean {
  return blocks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

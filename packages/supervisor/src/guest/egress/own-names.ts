import { readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { isLoopbackName } from "@glovebox/core/provider";

const hostsFile = "/etc/hosts";
const maxHostsBytes = 64 * 1024;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("0.0.0.0", "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addAddress("::", "ipv6");

/**
 * The addresses at which a host that names this sandbox is reached, in order; undefined for every other host. It is one in
 * whatever form programs write it: `0.0.0.0`, `127.1`, `0x7f000001`, `[::ffff:127.0.0.1]`, `a.localhost`, the machine's name.
 */
export function ownAddresses(text: string): readonly string[] | undefined {
  const host = canonical(text);
  if (isIP(host) !== 0) return isOwnAddress(host) ? connectable(host) : undefined;
  const isOwn = isLoopbackName(host) || host === hostname().toLowerCase();
  return isOwn || isInHostsFile(host) ? ["127.0.0.1", "::1"] : undefined;
}

/** As URLs write it, without brackets and trailing dots; in lower case where it is no host. */
function canonical(text: string): string {
  const url = `http://${text.replace(/\.+$/, "")}/`;
  return (URL.canParse(url) ? new URL(url).hostname : text.toLowerCase()).replace(/^\[(.*)\]$/, "$1");
}

function isOwnAddress(address: string): boolean {
  if (loopback.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")) return true;
  return Object.values(networkInterfaces()).some((found) => found?.some((one) => one.address === address));
}

/** The unspecified address is no place to connect to; and a sandbox may have no IPv6 at all. */
function connectable(address: string): readonly string[] {
  if (address === "::1") return ["::1", "127.0.0.1"];
  if (address === "0.0.0.0" || address === "::") return ["127.0.0.1", "::1"];
  // Of a mapped address the IPv4 one, which is listened on.
  const [, high = "", low = ""] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === "") return [address];
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [[a >> 8, a & 255, b >> 8, b & 255].join(".")];
}

/** Whether the sandbox's own list of hosts gives a name a loopback address. */
function isInHostsFile(host: string): boolean {
  let text: string;
  try {
    text = readFileSync(hostsFile, "utf8").slice(0, maxHostsBytes);
  } catch {
    // Then no name is in it.
    return false;
  }
  return text.split("\n").some((line) => {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/);
    const family = isIP(address);
    return family !== 0 && loopback.check(address, family === 6 ? "ipv6" : "ipv4") && names.includes(host);
  });
}

import type { HostEnvironment } from "./host-proxy.ts";
import { parseProxyAddress } from "./parse-proxy-address.ts";

const addresses = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy"];

/**
 * The host's proxy variables for another program, in the cases in which they are set. Addresses are written out: many
 * programs do not take one without a scheme, or with a bare `%`. What cannot be read is passed as it is.
 */
export function proxyVariables(env: HostEnvironment): Record<string, string> {
  const found: Record<string, string> = {};
  for (const lower of [...addresses, "no_proxy"]) {
    for (const name of [lower, lower.toUpperCase()]) {
      const value = env[name]?.trim();
      if (!value) continue;
      const read = lower === "no_proxy" ? { problem: "" } : parseProxyAddress(value);
      found[name] = "problem" in read ? value : read.href;
    }
  }
  return found;
}

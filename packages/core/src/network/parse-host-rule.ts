import { InvalidOptionsError } from "../errors/index.ts";
import type { HostRule } from "../provider/egress-policy.ts";
import { isHostName, parseHostPort } from "./parse-host-port.ts";

/**
 * Reads a host rule as a user writes it: `example.com`, `*.example.com`, `10.1.2.3`, `10.1.0.0/16`, `[fd00::1]`, each
 * with `:PORT` or without. `source` names where it is written, such as a flag's name. Throws `invalid-options`.
 */
export function parseHostRule(text: string, source: string): HostRule {
  const { host, port } = parseHostPort(text, source);
  if (host.includes("*") && !(host.startsWith("*.") && isHostName(host.slice(2)))) {
    throw new InvalidOptionsError(`${source} ${text}: a star stands only in front of a domain`, {
      hint: "For example *.example.com. To allow every public host, change the mode of the network.",
      remedy: { set: "network", value: "open" },
    });
  }
  if (host.endsWith("/0")) {
    throw new InvalidOptionsError(`${source} ${text}: a block of every address is no rule`, {
      hint: "To allow every public host, change the mode of the network.",
      remedy: { set: "network", value: "open" },
    });
  }
  return { host, ...(port === undefined ? {} : { port }), source };
}

import { InvalidOptionsError } from "../errors/index.ts";
import type { HostRule } from "../provider/egress-policy.ts";
import { isHostName, parseHostPort } from "./parse-host-port.ts";

/**
 * Reads a host rule as a person writes it: `example.com`, `*.example.com`, `10.1.2.3`, `10.1.0.0/16`, `[fd00::1]`, each
 * with `:PORT` or without. `source` names where it is written, as in `--allow-host`. Throws `invalid-options`.
 */
export function parseHostRule(text: string, source: string): HostRule {
  const { host, port } = parseHostPort(text, source);
  if (host.includes("*") && !(host.startsWith("*.") && isHostName(host.slice(2)))) {
    throw new InvalidOptionsError(`${source} ${text}: a star stands only in front of a domain`, {
      hint: "For example *.example.com. Every public host is reached with --network open.",
    });
  }
  if (host.endsWith("/0")) {
    throw new InvalidOptionsError(`${source} ${text}: a block of every address is no rule`, {
      hint: "Every public host is reached with --network open.",
    });
  }
  return { host, ...(port === undefined ? {} : { port }), source };
}

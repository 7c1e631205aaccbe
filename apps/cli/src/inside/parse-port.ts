import { InvalidOptionsError } from "@glovebox/core/provider";

/** A TCP port of a sandbox. `name` names it in the error. */
export function parsePort(text: string, name: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new InvalidOptionsError(`${name} is not a port: ${text}`, { hint: "A port is 1 to 65535, for example 3000." });
}

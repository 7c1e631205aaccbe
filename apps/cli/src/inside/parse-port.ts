import { InvalidOptionsError } from "@glovebox/core/provider";

/** A TCP port of a sandbox. `flag` is what it was given to, if to one. */
export function parsePort(text: string, flag?: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new InvalidOptionsError(`${flag === undefined ? "" : `${flag} `}${text} is not a port`, {
    hint: "A port is 1 to 65535, for example 3000.",
  });
}

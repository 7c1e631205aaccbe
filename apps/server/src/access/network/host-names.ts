import { isIP } from "node:net";
import type { Client } from "./client-of.ts";

const loopbackNames = ["localhost", "127.0.0.1", "::1"];

/**
 * The names by which the server may be addressed. A page of another site can give its own name the server's address, but cannot
 * make a browser send one of these names.
 */
export class HostNames {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set([...loopbackNames, ...names.map((name) => name.toLowerCase())]);
  }

  /** Whether a request may have this `Host`. The address that the client connected to is always one. */
  includes({ host, localAddress }: Pick<Client, "host" | "localAddress">): boolean {
    const name = hostName(host);
    if (name === undefined) return false;
    return this.#names.has(name) || (isIP(name) !== 0 && name === localAddress);
  }
}

/** The name in a `Host` header, in lower case, without port and brackets. Undefined if it is not one. */
export function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, "");
}

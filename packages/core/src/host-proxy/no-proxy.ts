import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

interface Entry {
  /** The only port. Default: every one. */
  readonly port: number | undefined;
  matches(host: string): boolean;
}

/**
 * Reads `NO_PROXY`: entries with commas or spaces between them. `*` is everything; a name is itself and every name below it,
 * with or without a leading dot; an address or a block of addresses (`10.0.0.0/8`) is for targets that are written as an
 * address. An entry may end in a port.
 */
export class NoProxy {
  readonly #entries: readonly Entry[];
  /** What is not one of that, and matches nothing. */
  readonly unreadable: readonly string[];

  constructor(list: string) {
    const texts = list
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean);
    const read = texts.map((text) => ({ text, entry: readEntry(text) }));
    this.#entries = read.flatMap(({ entry }) => entry ?? []);
    this.unreadable = read.filter(({ entry }) => entry === undefined).map(({ text }) => text);
  }

  /** Whether a target is reached without a proxy. Loopback always is. */
  covers(target: { readonly host: string; readonly port: number }): boolean {
    const host = target.host.toLowerCase().replace(/\.+$/, "");
    if (isLoopback(host)) return true;
    return this.#entries.some(({ port, matches }) => (port === undefined || port === target.port) && matches(host));
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || isIn(loopback, host);
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? "ipv6" : "ipv4");
}

function readEntry(text: string): Entry | undefined {
  const [, bracketed, plain, bits, digits] = /^(?:\[([^\]]*)\]|(.*?))(\/\d+)?(?::(\d+))?$/.exec(text) ?? [];
  // Without brackets an IPv6 address holds the colons itself.
  const bareV6 = isIP(text.split("/", 1)[0] ?? "") === 6;
  const port = digits === undefined || bareV6 ? undefined : Number(digits);
  const host = bareV6 ? (text.split("/", 1)[0] ?? "") : (bracketed ?? plain ?? "");
  const prefix = bareV6 ? text.slice(host.length) : (bits ?? "");
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  if (host === "*") return { port, matches: () => true };
  if (isIP(host) !== 0) return addressEntry(host, prefix, port);
  const name = domainToASCII(host.replace(/^\*?\./, "").replace(/\.+$/, ""));
  if (prefix !== "" || bracketed !== undefined || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)) return undefined;
  return {
    port,
    matches: (candidate) => candidate === name || (isIP(candidate) === 0 && candidate.endsWith(`.${name}`)),
  };
}

function addressEntry(host: string, prefix: string, port: number | undefined): Entry | undefined {
  const list = new BlockList();
  const family = isIP(host) === 6 ? "ipv6" : "ipv4";
  const longest = family === "ipv6" ? 128 : 32;
  const bits = prefix === "" ? longest : Number(prefix.slice(1));
  if (bits > longest || (prefix !== "" && !/^\/\d+$/.test(prefix))) return undefined;
  list.addSubnet(host, bits, family);
  return { port, matches: (candidate) => isIn(list, candidate) };
}

import { isIPv6 } from "node:net";
import type { HostProxy } from "./host-proxy.ts";

/**
 * Reads a proxy's address: `[http[s]://][user[:password]@]host[:port]`. Without a scheme it is an http proxy. In user and
 * password anything may stand, a bare `%`, `@` and `:` too; `%40` and its like are decoded. The port is 80, or 443 for https,
 * by default. `problem` completes "HTTPS_PROXY …" and repeats nothing of the value.
 */
export function parseProxyAddress(value: string): Omit<HostProxy, "variable"> | { readonly problem: string } {
  const [, scheme = "http", rest = ""] = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/)(.*)$/is.exec(value) ?? [
    undefined,
    undefined,
    value,
  ];
  const kind = scheme.toLowerCase();
  if (/^socks(?:4a?|5h?)?$/.test(kind))
    return { problem: `names a SOCKS proxy (${kind}), which Glovebox does not use` };
  if (kind !== "http" && kind !== "https") return { problem: "names a proxy that is neither http nor https" };
  const at = rest.lastIndexOf("@");
  const place = readPlace(rest.slice(at + 1).split(/[/?#]/, 1)[0] ?? "");
  if (typeof place === "string") return { problem: `is not the address of a proxy: ${place}` };
  const secure = kind === "https";
  const { host, port = secure ? 443 : 80 } = place;
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (at < 0) return { host, port, secure, href: `${kind}://${authority}`, shown: `${kind}://${authority}` };
  const [user = "", password = ""] = /^([^:]*):?(.*)$/s.exec(rest.slice(0, at))?.slice(1) ?? [];
  const credentials = [decode(user), decode(password)] as const;
  return {
    host,
    port,
    secure,
    authorization: `Basic ${Buffer.concat([credentials[0], Buffer.from(":"), credentials[1]]).toString("base64")}`,
    href: `${kind}://${credentials.map(encode).join(":")}@${authority}`,
    shown: `${kind}://***@${authority}`,
  };
}

function readPlace(text: string): { readonly host: string; readonly port?: number } | string {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/s.exec(text) ?? [];
  // Without brackets an IPv6 address takes all of it: nothing marks where it ends and a port begins.
  if (isIPv6(text)) return { host: text };
  if (bracketed !== undefined && !isIPv6(bracketed)) return "what is in brackets is not an IPv6 address";
  const host = bracketed ?? hostnameOf(plain ?? "");
  if (host === "" || host === undefined) return plain === "" ? "it names no host" : "its host cannot be read";
  if (digits === undefined) return { host };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : "its port is not one of 1 to 65535";
}

/** As URLs write it; undefined for what is no name and no address. */
function hostnameOf(text: string): string | undefined {
  if (isIPv6(text)) return text;
  if (/[\s:/\\?#@<>^|%[\]"']/.test(text)) return undefined;
  return URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`).hostname : undefined;
}

/** The bytes that a user or a password stands for; a `%` that begins no code is itself. */
function decode(text: string): Buffer {
  const parts = text.split(/(%[0-9a-f]{2})/i);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(1), "hex") : Buffer.from(part))),
  );
}

function encode(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
    })
    .join("");
}

import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** The parts of a request of Node's that are read here. */
export interface ClientRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket: {
    readonly remoteAddress?: string | undefined;
    readonly localAddress?: string | undefined;
    readonly encrypted?: boolean;
  };
}

/** What is known of a client, through trusted proxies or without one. */
export interface Client {
  readonly address: string;
  /** The address that the client connected to; behind a proxy the proxy did. */
  readonly localAddress: string;
  /** The value of `Host`, or what a trusted proxy reports as such. */
  readonly host: string;
  /** Whether the client uses TLS, up to the server or up to a trusted proxy. */
  readonly isSecure: boolean;
  /** Whether the headers of a trusted proxy were used. */
  readonly isProxied: boolean;
}

/** Describes the client of a request. Headers of a proxy count only where the connection comes from a trusted one. */
export function clientOf({ headers, socket }: ClientRequest, proxies: TrustedProxies): Client {
  const peer = plainAddress(socket.remoteAddress ?? "");
  const isProxied = proxies.includes(peer);
  return {
    address: isProxied ? forwardedAddress(headers, peer, proxies) : peer,
    localAddress: plainAddress(socket.localAddress ?? ""),
    host: (isProxied && last(headers["x-forwarded-host"])) || headers.host || "",
    isSecure: isProxied ? last(headers["x-forwarded-proto"]) === "https" : socket.encrypted === true,
    isProxied,
  };
}

/** The last address that a trusted proxy saw and that is not one itself: what comes before it, the client has written. */
function forwardedAddress(headers: IncomingHttpHeaders, peer: string, proxies: TrustedProxies): string {
  const hops = String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((hop) => plainAddress(hop.trim()));
  let address = peer;
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) break;
    address = hop;
    if (!proxies.includes(hop)) break;
  }
  return address;
}

/** Proxies append to what the client sent: only the last value is theirs. */
function last(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.at(-1) : header;
  return text?.split(",").at(-1)?.trim() || undefined;
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").replace(/%.*$/, "");
}

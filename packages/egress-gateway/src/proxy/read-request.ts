import type { IncomingMessage } from "node:http";
import { EgressRefusal } from "../egress-refusal.ts";
import type { Target } from "../policy/target.ts";
import { valuesOf } from "./proxy-headers.ts";
import { parseAbsoluteForm, parseAuthority } from "./proxy-target.ts";

/** A connection from inside that goes to one host alone, because its tunnel ends at the gateway. */
export interface InnerTarget extends Target {
  /** Whether TLS was terminated: the connection to the host then uses TLS too. */
  readonly secure: boolean;
}

/** Where a plain request goes. */
export interface ProxyRequest extends InnerTarget {
  /** The path and the query, as they came. */
  readonly path: string;
  readonly hostHeader: string;
}

/** Reads where a request goes; one that two parsers could read as two is refused. */
export function readRequest(request: IncomingMessage, inner: InnerTarget | undefined): ProxyRequest {
  const requested = inner === undefined ? absolute(request) : inside(request, inner);
  const defaultPort = requested.secure ? 443 : 80;
  const hosts = valuesOf(request.rawHeaders, "host");
  const [hostHeader = ""] = hosts;
  const named = parseAuthority(hostHeader, defaultPort);
  // HTTP/1.0 has no Host header; the target says it all.
  const absent = hosts.length === 0 && request.httpVersion === "1.0";
  if (!absent && (hosts.length !== 1 || named?.host !== requested.host || named.port !== requested.port)) {
    throw new EgressRefusal("denied", 400, "the Host header names another host than the request");
  }
  const own = requested.host.includes(":") ? `[${requested.host}]` : requested.host;
  return { ...requested, hostHeader: requested.port === defaultPort ? own : `${own}:${requested.port}` };
}

function absolute(request: IncomingMessage): Omit<ProxyRequest, "hostHeader"> {
  const url = request.url ?? "";
  const target = parseAbsoluteForm(url);
  if (target !== undefined) return { ...target, secure: false };
  const reason = /^https:/i.test(url)
    ? "https requests to a proxy need CONNECT"
    : "the request's target is not one that a proxy can read";
  throw new EgressRefusal("denied", 400, reason);
}

function inside(request: IncomingMessage, { host, port, secure }: InnerTarget): Omit<ProxyRequest, "hostHeader"> {
  const path = request.url ?? "";
  if (path.startsWith("/") && !/[^\x21-\x7e]|[\\#]/.test(path)) return { host, port, secure, path };
  throw new EgressRefusal("denied", 400, "only a path is accepted as the target of a request in a tunnel");
}

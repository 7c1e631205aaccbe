import type { IncomingMessage } from "node:http";
import { EgressRefusal } from "../egress-refusal.ts";
import type { Target } from "../policy/target.ts";
import { valuesOf } from "./proxy-headers.ts";
import { parseAbsoluteForm, parseAuthority } from "./proxy-target.ts";

/** A connection from inside that goes to one host alone, because a tunnel was asked for and ended here. */
export interface InnerTarget extends Target {
  /** Whether TLS was ended: the way to the host is then TLS too. */
  readonly secure: boolean;
}

/** Where a plain request goes. */
export interface AskedRequest extends InnerTarget {
  /** The path and the query, as they came. */
  readonly path: string;
  readonly hostHeader: string;
}

/** Reads where a request goes; one that two parsers could read as two is refused. */
export function readRequest(request: IncomingMessage, inner: InnerTarget | undefined): AskedRequest {
  const asked = inner === undefined ? absolute(request) : inside(request, inner);
  const defaultPort = asked.secure ? 443 : 80;
  const hosts = valuesOf(request.rawHeaders, "host");
  const [hostHeader = ""] = hosts;
  const named = parseAuthority(hostHeader, defaultPort);
  // HTTP/1.0 has no Host header; the target says it all.
  const absent = hosts.length === 0 && request.httpVersion === "1.0";
  if (!absent && (hosts.length !== 1 || named?.host !== asked.host || named.port !== asked.port)) {
    throw new EgressRefusal("denied", 400, "the Host header names another host than the request");
  }
  const own = asked.host.includes(":") ? `[${asked.host}]` : asked.host;
  return { ...asked, hostHeader: asked.port === defaultPort ? own : `${own}:${asked.port}` };
}

function absolute(request: IncomingMessage): Omit<AskedRequest, "hostHeader"> {
  const url = request.url ?? "";
  const target = parseAbsoluteForm(url);
  if (target !== undefined) return { ...target, secure: false };
  const reason = /^https:/i.test(url)
    ? "a proxy is asked for https by CONNECT"
    : "the request's target is not one that a proxy can read";
  throw new EgressRefusal("denied", 400, reason);
}

function inside(request: IncomingMessage, { host, port, secure }: InnerTarget): Omit<AskedRequest, "hostHeader"> {
  const path = request.url ?? "";
  if (path.startsWith("/") && !/[^\x21-\x7e]|[\\#]/.test(path)) return { host, port, secure, path };
  throw new EgressRefusal("denied", 400, "only a path is accepted as the target of a request in a tunnel");
}

import { canonicalHost } from "@glovebox/core/network";
import type { Target } from "../policy/target.ts";

/** Reads `host:port`, of which the port may be left out where there is a default. Undefined when it is not one. */
export function parseAuthority(text: string, defaultPort?: number): Target | undefined {
  const [, name, digits] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = name === undefined ? undefined : canonicalHost(name);
  const port = digits === undefined ? defaultPort : Number(digits);
  return host === undefined || port === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

/**
 * Reads the target of a plain request to a proxy (`http://host:port/path?query`) by its exact text. A user and a password
 * before the host are dropped: they are a credential from inside, and no part of what a proxy forwards.
 */
export function parseAbsoluteForm(url: string): (Target & { readonly path: string }) | undefined {
  if (/[^\x21-\x7e]|[\\#]/.test(url)) return undefined;
  const [, authority, path] = /^http:\/\/([^/?]*)(.*)$/i.exec(url) ?? [];
  if (authority === undefined || path === undefined) return undefined;
  const target = parseAuthority(authority.slice(authority.lastIndexOf("@") + 1), 80);
  return target === undefined ? undefined : { ...target, path: path.startsWith("/") ? path : `/${path}` };
}

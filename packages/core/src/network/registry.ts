import type { HostRule, PathRule } from "../provider/egress-policy.ts";
import type { Secret } from "../provider/secret.ts";

/** A package registry that a configuration names, or that a package manager uses when none does. */
export interface Registry {
  /** Without a user and a password. */
  readonly url: URL;
  /** Where it is named, for people: `your npm configuration`. */
  readonly source: string;
  /** The only requests that a login is added to. */
  readonly paths: readonly PathRule[];
  readonly login?: RegistryLogin;
}

export type RegistryLogin =
  | { readonly scheme: "Bearer"; readonly secret: Secret }
  | { readonly scheme: "Basic"; readonly username: string; readonly secret: Secret };

/**
 * The rule that lets it be reached, also at a private address: where this machine finds a registry that the user named, or a
 * usual one, is for the machine's own administrator to say.
 */
export function registryRule({ url, source }: Registry): HostRule {
  return { host: hostOf(url), ...(url.port === "" ? {} : { port: Number(url.port) }), mayBePrivate: true, source };
}

/** Its host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** The address of a registry; `undefined` for anything else. A trailing slash is added: what is below begins there. */
export function parseRegistryUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") return undefined;
  url.hash = "";
  url.search = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/** Looking at and fetching everything below a path, which ends in a slash. */
export function readingPaths(path: string): readonly PathRule[] {
  const paths = path === "/" ? ["/", "/*"] : [path.slice(0, -1), path, `${path}*`];
  return paths.flatMap((each) => [
    { method: "GET" as const, path: each },
    { method: "HEAD" as const, path: each },
  ]);
}

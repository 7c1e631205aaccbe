import type { CredentialRule, HostRule, PathRule } from "../provider/egress-policy.ts";
import type { PackageSourceOptions, PackageSources } from "./package-sources.ts";
import { readNpmRegistries } from "./read-npm-registries.ts";
import { readPipRegistries } from "./read-pip-registries.ts";
import { hostOf, type Registry, registryRule } from "./registry.ts";

/**
 * Reads which package registries the user's own configuration of npm and pip names, with their defaults where it names
 * none. Files that are not there or cannot be read say nothing. Nothing is contacted.
 */
export async function readPackageSources(options: PackageSourceOptions): Promise<PackageSources> {
  const found = [await readNpmRegistries(options), await readPipRegistries(options)];
  const registries = found.flatMap((each) => each.registries);
  const { credentials, warnings } = credentialRules(registries);
  return {
    allow: distinct(registries.map(registryRule)),
    credentials,
    env: Object.assign({}, ...found.map((each) => each.env)),
    warnings: [
      ...new Set([...found.flatMap((each) => each.warnings), ...warnings, ...registries.flatMap(loopbackWarning)]),
    ],
  };
}

/** A host takes one credential. What else is read from the host goes with it: the host is never tunnelled. */
function credentialRules(registries: readonly Registry[]): { credentials: CredentialRule[]; warnings: string[] } {
  const rules = new Map<string, CredentialRule>();
  const warnings: string[] = [];
  for (const registry of registries) {
    const { login, url, source } = registry;
    if (login === undefined) continue;
    const before = rules.get(url.host);
    const { scheme, secret } = login;
    const username = login.scheme === "Basic" ? login.username : undefined;
    if (!isSendable(secret.reveal(), username)) {
      warnings.push(`The login for ${hostOf(url)} is empty or holds a character that cannot be sent, and is not used`);
      continue;
    }
    if (before === undefined) {
      const tls = url.protocol === "https:";
      const port = url.port === "" ? (tls ? undefined : 80) : Number(url.port);
      rules.set(url.host, {
        host: hostOf(url),
        ...(port === undefined ? {} : { port }),
        ...(tls ? {} : { tls }),
        header: "authorization",
        scheme,
        ...(username === undefined ? {} : { username }),
        secret,
        paths: pathsOf(registries.filter((other) => other.url.host === url.host)),
        source,
      });
    } else if (before.scheme !== scheme || before.username !== username || before.secret.reveal() !== secret.reveal()) {
      warnings.push(`${hostOf(url)} has more than one login; the one of ${before.source} is used`);
    }
  }
  return { credentials: [...rules.values()], warnings };
}

/** Programs inside reach loopback addresses directly, and not this machine. */
function loopbackWarning({ url, source }: Registry): string[] {
  const host = hostOf(url);
  if (host !== "localhost" && host !== "::1" && !/^127\./.test(host)) return [];
  return [`${url.host} (${source}) is this machine's loopback, and inside the sandbox's own: give it another name`];
}

function isSendable(value: string, username = ""): boolean {
  return /^[\x21-\x7e]+$/.test(value) && /^[\x20-\x39\x3b-\x7e]*$/.test(username);
}

function pathsOf(registries: readonly Registry[]): PathRule[] {
  const paths = new Map(registries.flatMap(({ paths }) => paths.map((rule) => [`${rule.method} ${rule.path}`, rule])));
  return [...paths.values()];
}

function distinct(rules: readonly HostRule[]): HostRule[] {
  return [...new Map(rules.toReversed().map((rule) => [`${rule.host} ${rule.port ?? ""}`, rule])).values()].reverse();
}

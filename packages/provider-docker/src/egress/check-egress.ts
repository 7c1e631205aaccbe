import { isIP } from "node:net";
import { type CredentialRule, type EgressPolicy, type HostRule, InvalidOptionsError } from "@glovebox/core/provider";

const name = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** What the gateway itself sets, or what decides where a request goes. */
const reservedHeaders = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
]);

/** Throws `invalid-options` for a rule that cannot be meant. */
export function checkEgress({ allow = [], credentials = [] }: EgressPolicy): void {
  for (const rule of allow) checkHostRule(rule);
  const seen = new Set<string>();
  for (const rule of credentials) {
    checkCredential(rule);
    const target = `${rule.host}:${rule.port ?? 443}`;
    if (seen.has(target)) throw invalid(`Two credentials are given for ${target}`, "Give one for each host and port.");
    seen.add(target);
  }
}

function checkHostRule({ host, port, source }: HostRule): void {
  const suffix = host.startsWith("*.") ? host.slice(2) : host;
  const isName = isHostName(suffix) && (host === suffix || suffix.includes("."));
  if (!isName && isIP(host) === 0 && !isBlock(host)) {
    throw invalid(
      `${quoted(host)} (${source}) is not a host that can be allowed`,
      "Give a name in lower case, *.name, an address, or a block such as 10.1.0.0/16.",
    );
  }
  checkPort(port, host, source);
}

function checkCredential({ host, port, header, scheme, source, paths = [] }: CredentialRule): void {
  if (!isHostName(host) && isIP(host) === 0) {
    const hint = "Give one exact name in lower case, or one address.";
    throw invalid(`${quoted(host)} (${source}) is not a host that can have a credential`, hint);
  }
  checkPort(port, host, source);
  if (!headerName.test(header) || reservedHeaders.has(header)) {
    const hint = "Give a header's name in lower case: authorization, private-token.";
    throw invalid(`${quoted(header)} (${source}) cannot carry the credential for ${host}`, hint);
  }
  if (scheme !== undefined && !/^[!-~]+$/.test(scheme)) {
    throw invalid(`${quoted(scheme)} (${source}) is not a scheme of authentication`, "Give one word: Bearer, Basic.");
  }
  for (const { path } of paths) {
    if (/^\/[!-~]*$/.test(path) && !/[?#%\\]|\/\/|\/\.{1,2}(\/|$)/.test(path)) continue;
    throw invalid(`${quoted(path)} (${source}) is not a path in its plain form`, "Give it from / on, without a query.");
  }
}

function isHostName(host: string): boolean {
  // A name whose last part is a number would be read as an address by some and as a name by others.
  return name.test(host) && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host);
}

function isBlock(host: string): boolean {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(host) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

function checkPort(port: number | undefined, host: string, source: string): void {
  if (port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65535)) return;
  throw invalid(`${port} (${source}) is not a port of ${host}`, "A port lies between 1 and 65535.");
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function invalid(message: string, hint: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "docker", hint });
}

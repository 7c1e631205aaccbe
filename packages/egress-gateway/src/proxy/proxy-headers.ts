import type { CredentialRule } from "@glovebox/core/provider";
import { isHopByHop } from "../forward-headers.ts";
import { isPassedHeader } from "../policy/passed-headers.ts";

/** Headers as Node's raw form holds them: name, value, name, value. Keeps order, case and repetition. */
export type RawHeaders = readonly string[];

/** What a rule's credential is in its header. */
function credentialValue(rule: CredentialRule): { readonly value: string; readonly secrets: readonly string[] } {
  const secret = rule.secret.reveal();
  if (rule.scheme?.toLowerCase() === "basic") {
    const encoded = Buffer.from(`${rule.username ?? "x-access-token"}:${secret}`).toString("base64");
    return { value: `${rule.scheme} ${encoded}`, secrets: [secret, encoded] };
  }
  return { value: rule.scheme === undefined ? secret : `${rule.scheme} ${secret}`, secrets: [secret] };
}

/** Every form in which a rule's secrets might come back. */
export function secretsOf(rule: CredentialRule): readonly string[] {
  if (rule.guarded === false) return [];
  return [
    ...credentialValue(rule).secrets,
    ...Object.values(rule.headers ?? {}).map((secret) => secret.reveal()),
  ].filter(Boolean);
}

/** What a request to a rule's host gets: name, value, name, value. */
function ownHeaders(rule: CredentialRule): string[] {
  const further = Object.entries(rule.headers ?? {}).flatMap(([name, secret]) => [name, secret.reveal()]);
  return [rule.header, credentialValue(rule).value, ...further];
}

/** What the host is sent: without what is between the sandbox and the gateway alone, and with the rule's credential. */
export function headersOut(inside: RawHeaders, host: string, credential: CredentialRule | undefined): string[] {
  const own = credential === undefined ? [] : ownHeaders(credential);
  const replaced = new Set(own.filter((_, index) => index % 2 === 0).map(dashed));
  const isGuarded = credential !== undefined && credential.guarded !== false;
  const drop = (name: string, value: string): boolean =>
    name === "host" ||
    replaced.has(dashed(name)) ||
    (isGuarded && !isPassedHeader(name, value, credential.passHeaders));
  const headers = ["host", host, ...endToEnd(inside, drop)];
  // The body's frame is kept as it came: without it a server could read the body as a second request.
  if (valuesOf(inside, "transfer-encoding").length > 0) headers.push("transfer-encoding", "chunked");
  // In a packed answer an echo of the credential could not be found.
  if (isGuarded) headers.push("accept-encoding", "identity");
  return [...headers, ...own];
}

/** What comes back inside; with a credential never a cookie, which would stand for it, nor the credential itself. */
export function headersBack(outside: RawHeaders, credential: CredentialRule | undefined): string[] {
  if (credential === undefined || credential.guarded === false) return endToEnd(outside, () => false);
  const secrets = secretsOf(credential);
  return endToEnd(outside, (name) => name === "set-cookie" || name === "set-cookie2").map((text) =>
    secrets.reduce((clean, secret) => clean.split(secret).join("*".repeat(secret.length)), text),
  );
}

/** Every value of a header, given its name in lower case. */
export function valuesOf(headers: RawHeaders, name: string): string[] {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name);
}

/** As a server reads a name that takes `_` for `-`. */
function dashed(name: string): string {
  return name.replaceAll("_", "-");
}

function endToEnd(headers: RawHeaders, drop: (name: string, value: string) => boolean): string[] {
  const named = new Set(
    valuesOf(headers, "connection").flatMap((value) =>
      value
        .toLowerCase()
        .split(",")
        .map((name) => name.trim()),
    ),
  );
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = headers.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (isHopByHop(lower) || lower.startsWith("proxy-") || drop(lower, value)) continue;
    // Naming the length in Connection must not take the body's frame away.
    if (named.has(lower) && lower !== "content-length") continue;
    kept.push(name, value);
  }
  return kept;
}

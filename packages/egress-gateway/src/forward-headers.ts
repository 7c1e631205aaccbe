import type { IncomingHttpHeaders } from "node:http";

const hopByHop = new Set([
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "trailers",
  "transfer-encoding",
  "upgrade",
]);

/** Whatever is named like a credential: `authorization`, `x-api-key`, `x-goog-api-key`, `x-auth-token`, `cookie`. */
const credentialName =
  /(^|-)(api-?key|apikey|auth|authorization|authentication|cookie2?|credentials?|password|secret|tokens?)(-|$)/;

/** Whether a header, in lower case, is named like a credential. Many servers read `_` as `-`. */
export function isCredentialName(name: string): boolean {
  return credentialName.test(name.replaceAll("_", "-"));
}

/** Whether a header, in lower case, is about one connection and never forwarded. */
export function isHopByHop(name: string): boolean {
  return hopByHop.has(name.replaceAll("_", "-"));
}

/** By which some servers serve another method or path than the one that was asked for, and decided on. */
const steering =
  /^(x-http-method(-override)?|x-method-override|x-(original|rewrite)-(url|uri)|x-forwarded-.*|x-original-host|forwarded)$/;

/** Whether a header, in lower case, would turn an allowed request into another one. */
export function isSteering(name: string): boolean {
  return steering.test(name.replaceAll("_", "-"));
}

/** Whether a header, in lower case, belongs to the exchange itself, so that it can carry no credential. */
export function isOfExchange(name: string): boolean {
  return isHopByHop(name) || ["accept-encoding", "content-encoding", "content-length"].includes(name);
}

/** By which servers leave parts of an answer out, ask for more, or charge another account than the credential's. */
const chargedHeader =
  /^(x-goog-(fieldmask|user-project|request-params)|x-amzn-bedrock-.*|x-vertex-ai-.*|openai-(organization|project)|chatgpt-account-id)$/;

function changesCharge(name: string): boolean {
  return chargedHeader.test(name.replaceAll("_", "-"));
}

/** What the upstream is sent besides the route's credential: what came from inside, without any credential. */
export function requestHeaders(inside: IncomingHttpHeaders): Record<string, string> {
  const headers = withoutHopByHop(inside, (name) => isCredentialName(name) || isSteering(name) || changesCharge(name));
  // Unpacked answers can be searched for an echo of the credential.
  headers["accept-encoding"] = "identity";
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** What comes back inside: never a cookie, never the credential. */
export function responseHeaders(
  upstream: { readonly statusCode: number; readonly headers: IncomingHttpHeaders },
  secrets: readonly string[],
): Record<string, string | string[]> {
  const headers = withoutHopByHop(upstream.headers, (name) => name === "set-cookie" || name === "set-cookie2");
  // Nothing inside can change the credential: a client that tries again only keeps its user waiting.
  if (upstream.statusCode === 401) headers["x-should-retry"] = "false";
  const clean = (text: string): string =>
    secrets.reduce((result, secret) => result.split(secret).join("*".repeat(secret.length)), text);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(clean) : clean(value)]),
  );
}

function withoutHopByHop(
  headers: IncomingHttpHeaders,
  drop: (name: string) => boolean,
): Record<string, string | string[]> {
  const connection = headers.connection;
  const named = new Set(
    String(connection ?? "")
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  );
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (value === undefined || isHopByHop(lower) || drop(lower)) continue;
    // Naming the length in Connection must not take the body's frame away.
    if (named.has(lower) && lower !== "content-length") continue;
    kept[lower] = value;
  }
  return kept;
}

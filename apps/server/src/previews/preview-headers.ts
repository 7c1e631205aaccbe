import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** Headers of one connection, which no proxy passes on. */
const ofConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What a browser says to the server and not to the program in the sandbox. */
const ofServer = new Set(["authorization", "x-api-key", "cookie", "x-csrf-token"]);

/** The headers of a request as the program in the sandbox gets them: no key of the server, and its own cookies alone. */
export function requestHeaders(headers: IncomingHttpHeaders, cookie: string | undefined): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !ofConnection.has(name) && !ofServer.has(name));
  const framing = headers["transfer-encoding"] === undefined ? {} : { "transfer-encoding": "chunked" };
  return { ...Object.fromEntries(kept), ...framing, ...(cookie !== undefined && { cookie }) };
}

/** The headers of a response as the browser gets them. A cookie is for this preview, and for no other one. */
export function responseHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !ofConnection.has(name));
  const cookies = headers["set-cookie"]?.map((cookie) => cookie.replaceAll(/;\s*domain=[^;]*/gi, ""));
  return { ...Object.fromEntries(kept), ...(cookies !== undefined && { "set-cookie": cookies }) };
}

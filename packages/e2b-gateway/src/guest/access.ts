import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { EnvdState } from "./envd-state.ts";
import { HttpFailure } from "./http-failure.ts";

/** Lets a request in that carries the sandbox's access token, or any where there is none. Throws 401. */
export function checkAccess(request: IncomingMessage, { accessToken }: EnvdState): void {
  if (accessToken === undefined || isSame(tokenOf(request) ?? "", accessToken)) return;
  throw new HttpFailure(401, "unauthorized access, please provide a valid access token or method signing if supported");
}

/** Files may also be had by a signature, which whoever holds the token gives to someone who does not. Throws 401. */
export function checkFileAccess(
  request: IncomingMessage,
  query: URLSearchParams,
  operation: "read" | "write",
  { accessToken }: EnvdState,
): void {
  if (accessToken === undefined) return;
  const token = tokenOf(request);
  if (token !== undefined) {
    if (isSame(token, accessToken)) return;
    throw new HttpFailure(401, "access token present in header but does not match");
  }
  const signature = query.get("signature");
  if (signature === null) throw new HttpFailure(401, "missing signature query parameter");
  const expiration = query.get("signature_expiration");
  if (expiration !== null && !/^-?\d{1,15}$/.test(expiration))
    throw new HttpFailure(400, "invalid signature_expiration");
  // A request that names nobody is signed for nobody.
  const parts = [query.get("path") ?? "", operation, query.get("username") ?? "", accessToken];
  const text = [...parts, ...(expiration === null ? [] : [expiration])].join(":");
  const digest = createHash("sha256").update(text).digest("base64").replace(/=+$/, "");
  if (!isSame(signature, `v1_${digest}`)) throw new HttpFailure(401, "invalid signature");
  if (expiration !== null && Number(expiration) < Math.floor(Date.now() / 1_000)) {
    throw new HttpFailure(401, "signature is already expired");
  }
}

function tokenOf(request: IncomingMessage): string | undefined {
  const token = request.headers["x-access-token"];
  return token === undefined || token === "" ? undefined : String(token);
}

/** Takes as long for a secret that is nearly right as for any other. */
export function isSame(token: string, expected: string): boolean {
  const [a, b] = [token, expected].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

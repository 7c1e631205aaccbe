import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { AccessEnv } from "./principal.ts";

/** Reads the session's cookie. */
export function readSessionCookie(context: Context<AccessEnv>): string | undefined {
  return getCookie(context, nameFor(context));
}

/** Sets it. Browsers send it with requests of the server's own pages only, and show it to no script. */
export function writeSessionCookie(context: Context<AccessEnv>, value: string, expires: Date): void {
  setCookie(context, nameFor(context), value, {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure: context.get("client").isSecure,
    expires,
  });
}

/** Makes the browser forget it. */
export function clearSessionCookie(context: Context<AccessEnv>): void {
  writeSessionCookie(context, "", new Date(0));
}

/** With `__Host-` no other host of the domain can set the cookie. Browsers accept the prefix over TLS alone. */
function nameFor(context: Context<AccessEnv>): string {
  return context.get("client").isSecure ? "__Host-glovebox" : "glovebox-session";
}

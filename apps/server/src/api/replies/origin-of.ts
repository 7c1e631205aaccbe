import type { Context } from "hono";
import type { ApiEnv } from "../api-parts.ts";

/** The origin by which the client has reached the server, whose name was checked: `https://glovebox.example.com`. */
export function originOf(context: Context<ApiEnv>): string {
  const { isSecure, host } = context.get("client");
  return `${isSecure ? "https" : "http"}://${host}`;
}

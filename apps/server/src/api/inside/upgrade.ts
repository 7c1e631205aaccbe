import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { WebSocket } from "ws";

/** What a route does with the WebSocket that a request is upgraded to. */
export type AcceptSocket = (socket: WebSocket) => Promise<void>;

/** The bindings of a request that asks for a WebSocket: a route accepts by setting `accept`, after all its checks. */
export interface UpgradeBindings extends HttpBindings {
  upgrade?: { accept?: AcceptSocket };
}

/** The upgrade that a request asks for; `undefined` for one that asks for none. */
export function upgradeOf(context: Context): UpgradeBindings["upgrade"] {
  return (context.env as UpgradeBindings).upgrade;
}

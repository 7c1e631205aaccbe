import type { Role, Session, ShareLink, Token, User } from "@glovebox/store";
import type { Client } from "./network/client-of.ts";

/** Who makes a request, and with what. At most one of `token`, `session` and `link` is set. */
export interface Principal {
  /** For a share link, the user who made it. */
  readonly user: User;
  readonly token?: Token;
  readonly session?: Session;
  readonly link?: ShareLink;
  /** What this request may do: the role of the user, narrowed by the token. A link has `viewer`. */
  readonly role: Role;
  readonly requestId: string;
  readonly address: string;
}

/** What the middleware of access puts into Hono's context. */
export interface AccessEnv {
  readonly Variables: {
    /** Set for every request. */
    readonly client: Client;
    /** Of this request, for the log and for error replies. Set for every request. */
    readonly requestId: string;
    /** The client's address, behind a trusted proxy the one that the proxy reports. Set for every request. */
    readonly address: string;
    /** Set on routes behind `authenticate`. */
    readonly principal: Principal;
  };
}

import type { IncomingMessage } from "node:http";
import { ConnectFailure } from "./connect/connect-failure.ts";
import type { EnvdState } from "./envd-state.ts";
import { findUser } from "./users/find-user.ts";
import type { User } from "./users/user.ts";

/** The user that a call names as `Authorization: Basic`, without a password; else the default one. */
export function authenticatedUser(request: IncomingMessage, { defaultUser }: EnvdState): User {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]*)$/i.exec(request.headers.authorization ?? "") ?? [];
  const named = encoded === undefined ? "" : (Buffer.from(encoded, "base64").toString("utf8").split(":", 1)[0] ?? "");
  const user = findUser(named || defaultUser);
  if (user !== undefined) return user;
  throw new ConnectFailure(
    "unauthenticated",
    named ? `invalid username: '${named}'` : `invalid default user: '${defaultUser}'`,
  );
}

import { existsSync } from "node:fs";
import type { User } from "../users/user.ts";

const setpriv = "/usr/bin/setpriv";

export interface UserCommand {
  readonly argv: readonly [string, ...string[]];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/**
 * How a program is started so that it is the user's. Node changes the user by itself, but leaves out the groups besides the
 * first; for a user who has such, util-linux's `setpriv` does it, in the same process.
 */
export function asUserCommand(argv: readonly [string, ...string[]], user: User): UserCommand {
  if (process.getuid?.() !== 0 || user.uid === 0) return { argv, ids: {} };
  if (user.groups.length === 0 || !existsSync(setpriv)) return { argv, ids: { uid: user.uid, gid: user.gid } };
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, `--groups=${[user.gid, ...user.groups].join(",")}`];
  return { argv: [setpriv, ...ids, "--", ...argv], ids: {} };
}

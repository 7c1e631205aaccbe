import { resolve } from "node:path";
import type { User } from "./user.ts";

/**
 * Where a path of a request leads: `~` and relative ones begin in the user's home, an empty one is the default folder.
 * Absolute ones stay as they are written. Throws for the home of another user and for a path with a zero byte.
 */
export function userPath(path: string, user: User, defaultWorkdir: string | undefined): string {
  const given = path === "" ? (defaultWorkdir ?? "") : path;
  if (given.includes("\0")) throw new Error("invalid path: it holds a zero byte");
  if (given.startsWith("/")) return given;
  if (!given.startsWith("~")) return resolve(user.home, given);
  if (given.length > 1 && given[1] !== "/") {
    throw new Error(`failed to expand path '${given}' for user '${user.name}': cannot expand user-specific home dir`);
  }
  return resolve(user.home, `.${given.slice(1)}`);
}

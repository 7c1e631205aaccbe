import { resolve } from "node:path";
import type { User } from "./user.ts";

/**
 * Where a path of a request leads: `~` and relative ones begin in the user's home, an empty one is the default directory.
 * Absolute ones stay as they are written. Throws for the home of another user and for a path with a zero byte.
 */
export function userPath(path: string, user: User, defaultWorkdir: string | undefined): string {
  const requested = path === "" ? (defaultWorkdir ?? "") : path;
  if (requested.includes("\0")) throw new Error("invalid path: it holds a zero byte");
  if (requested.startsWith("/")) return requested;
  if (!requested.startsWith("~")) return resolve(user.home, requested);
  if (requested.length > 1 && requested[1] !== "/") {
    throw new Error(
      `failed to expand path '${requested}' for user '${user.name}': cannot expand user-specific home dir`,
    );
  }
  return resolve(user.home, `.${requested.slice(1)}`);
}

import type { User } from "./user.ts";
import { UserDatabase } from "./user-database.ts";

/** The user of that name; undefined when there is none, or when envd is not root and may not act for that one. */
export function findUser(name: string): User | undefined {
  const user = new UserDatabase().find(name);
  const own = process.getuid?.();
  return own === 0 || own === user?.uid ? user : undefined;
}

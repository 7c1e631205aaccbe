import type { Role, User } from "@glovebox/store";
import type { Actor } from "../audit-log.ts";
import { HttpError } from "../http-error.ts";
import type { Users } from "../users.ts";

/** Who the identity provider says has logged in. */
export interface OidcIdentity {
  /** The issuer and its subject: no other claim identifies a user. */
  readonly subject: string;
  readonly name: string;
  readonly role: Role;
}

const longestName = 60;
const mostNames = 100;

/** Returns the user of an identity, whose role follows the provider's claims. The first login adds the user. */
export async function userOfIdentity(users: Users, actor: Actor, { subject, name, role }: OidcIdentity): Promise<User> {
  const existing = await users.byOidcSubject(subject);
  if (existing === undefined) {
    return await users.create(actor, { name: await freeName(users, name), role, oidcSubject: subject });
  }
  if (existing.disabledAt !== undefined) throw new HttpError(403, "forbidden", "This user is disabled");
  return existing.role === role ? existing : await users.update({ ...actor, user: existing }, existing.id, { role });
}

/** A name that no user has: a user of the provider never becomes one that exists already. */
async function freeName(users: Users, text: string): Promise<string> {
  const name =
    text
      .replaceAll(/[^\p{L}\p{N}@._ -]/gu, "")
      .trim()
      .slice(0, longestName) || "user";
  const taken = new Set((await users.list()).map((user) => user.name));
  for (let at = 1; at <= mostNames; at += 1) {
    const candidate = at === 1 ? name : `${name} ${at}`;
    if (!taken.has(candidate)) return candidate;
  }
  throw new HttpError(409, "conflict", `Too many users have the name ${name}`);
}

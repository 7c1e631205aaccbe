import type { Role } from "@glovebox/store";
import type { OidcSettings } from "../access-settings.ts";
import { includesRole } from "../roles.ts";

/** The role of a user by the claims of the identity provider. Undefined: the user may not log in. */
export function roleOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, roles = {}, defaultRole }: OidcSettings,
): Role | undefined {
  const claim = roleClaim === undefined ? undefined : claims[roleClaim];
  const values = (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === "string");
  const found = values.flatMap((value) => (Object.hasOwn(roles, value) ? [roles[value] as Role] : []));
  return (
    found.reduce<Role | undefined>(
      (best, role) => (best === undefined || includesRole(role, best) ? role : best),
      undefined,
    ) ?? defaultRole
  );
}

import type { Role } from "@glovebox/store";

/** The roles, each of which may do everything that those before it may. */
export const roles = ["viewer", "runner", "admin"] as const satisfies readonly Role[];

/** Whether a role may do what another one may. */
export function includesRole(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required);
}

/** The role that may do what both may. */
export function narrowerRole(one: Role, other: Role = one): Role {
  return includesRole(one, other) ? other : one;
}

import type { Role } from "@glovebox/store";
import type { MiddlewareHandler } from "hono";
import { HttpError } from "./http-error.ts";
import type { AccessEnv } from "./principal.ts";
import { includesRole } from "./roles.ts";

/** Refuses requests of users with a lesser role. Goes behind `authenticate`. */
export function requireRole(role: Role): MiddlewareHandler<AccessEnv> {
  return async (context, next) => {
    if (!includesRole(context.get("principal").role, role)) {
      throw new HttpError(403, "forbidden", `This needs the role ${role}`);
    }
    await next();
  };
}

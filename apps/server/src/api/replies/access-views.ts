import type { ShareLink, Token, User } from "@glovebox/store";
import type { z } from "@hono/zod-openapi";
import type { shareLinkSchema } from "../schemas/share-link.ts";
import type { tokenSchema } from "../schemas/token.ts";
import type { userSchema } from "../schemas/user.ts";
import { isoTimes } from "./iso-times.ts";

/** A user as the API shows it. */
export function userView({ limits, ...user }: User): z.infer<typeof userSchema> {
  return { ...isoTimes(user), limits: { ...limits } };
}

/** A token as the API shows it: without its hash. */
export function tokenView({ hash: _, ...token }: Token): z.infer<typeof tokenSchema> {
  return isoTimes(token);
}

/** A share link as the API shows it: without the hash of its secret. */
export function linkView({ secretHash: _, ...link }: ShareLink): z.infer<typeof shareLinkSchema> {
  return isoTimes(link);
}

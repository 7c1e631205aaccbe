import type { Store } from "@glovebox/store";

/** The part of the store that access works with. */
export type AccessStore = Pick<Store, "users" | "tokens" | "sessions" | "links" | "audit" | "secrets">;

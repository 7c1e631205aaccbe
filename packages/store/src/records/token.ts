import type { Role } from "./user.ts";

/** A token of the API. Its text is kept nowhere. */
export interface Token {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Its text's first characters, to recognize it by. */
  readonly prefix: string;
  /** SHA-256 of its text, in hex. */
  readonly hash: string;
  /** Narrows its user's role. */
  readonly role?: Role;
  readonly createdAt: Date;
  readonly lastUsedAt?: Date;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
}

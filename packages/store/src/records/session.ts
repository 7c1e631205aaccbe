/** A browser's session. */
export interface Session {
  /** SHA-256 of the cookie's value, in hex. */
  readonly idHash: string;
  readonly userId: string;
  /** The value that requests which change something repeat in a header. */
  readonly csrf: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

/** A link that shows one run to whoever has it. */
export interface ShareLink {
  readonly id: string;
  readonly runId: string;
  /** SHA-256 of the link's secret, in hex. */
  readonly secretHash: string;
  /** The id of a user. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

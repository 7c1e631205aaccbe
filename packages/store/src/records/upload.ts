/** An uploaded workspace: a blob that runs may start from until it expires. */
export interface Upload {
  readonly id: string;
  readonly userId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

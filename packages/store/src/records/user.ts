/** What a user may do: read everything; also start runs, and manage their own; everything. */
export type Role = "viewer" | "runner" | "admin";

/** What a user's runs may use. Absent: no limit. */
export interface UserLimits {
  readonly concurrentRuns?: number;
  /** In US dollars, of runs that start on one day (UTC). */
  readonly budgetUsdPerDay?: number;
}

/** Somebody who may use the server. */
export interface User {
  readonly id: string;
  /** Unique. */
  readonly name: string;
  readonly role: Role;
  readonly limits: UserLimits;
  /** Who the user is to the OpenID provider. Unique. */
  readonly oidcSubject?: string;
  readonly createdAt: Date;
  readonly disabledAt?: Date;
}

import type { JsonObject } from "./run.ts";

/** One change of state, and whose request made it. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly userId?: string;
  /** Also of a key that no table has. */
  readonly tokenId?: string;
  /** Such as `run.create`. */
  readonly action: string;
  /** The id of what was changed. */
  readonly target?: string;
  /** Holds no secrets. */
  readonly detail: JsonObject;
  readonly address: string;
  readonly requestId: string;
}

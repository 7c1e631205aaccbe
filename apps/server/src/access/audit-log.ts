import type { AccessStore } from "./access-store.ts";
import type { Principal } from "./principal.ts";

/** Who did something, as far as it is known: a failed login has no user. */
export type Actor = Pick<Principal, "address" | "requestId"> & Partial<Pick<Principal, "user" | "token">>;

/** What was done, without secrets. */
export interface AuditFacts {
  /** For example `token.create`. */
  readonly action: string;
  /** The id of what was changed. */
  readonly target?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Records every change of state in the store. */
export class AuditLog {
  readonly #store: AccessStore["audit"];

  constructor(store: AccessStore["audit"]) {
    this.#store = store;
  }

  /** Resolves once the entry is stored. A change that cannot be recorded fails. */
  async record({ user, token, address, requestId }: Actor, { action, target, detail = {} }: AuditFacts): Promise<void> {
    await this.#store.append({
      action,
      detail,
      address,
      requestId,
      ...(user !== undefined && { userId: user.id }),
      ...(token !== undefined && { tokenId: token.id }),
      ...(target !== undefined && { target }),
    });
  }
}

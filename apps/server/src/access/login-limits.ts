import { HttpError } from "./http-error.ts";

interface Attempts {
  count: number;
  readonly since: number;
}

const windowMs = 60_000;
const mostPerAddress = 20;
const mostPerAccount = 10;
/** The memory that addresses and accounts can take together. */
const mostEntries = 10_000;

/** Limits failed logins per address and per account, in a minute. */
export class LoginLimits {
  readonly #attempts = new Map<string, Attempts>();

  /** Rejects a login (429) after too many failures. `account` is what the login names: the start of its secret. */
  check(address: string, account: string, now: number = performance.now()): void {
    const waits = [
      this.#wait(`address ${address}`, mostPerAddress, now),
      this.#wait(`account ${account}`, mostPerAccount, now),
    ];
    const waitMs = Math.max(...waits);
    if (waitMs <= 0) return;
    throw new HttpError(429, "rate-limited", "Too many failed logins", {
      "retry-after": String(Math.ceil(waitMs / 1000)),
    });
  }

  /** Counts a login that failed. */
  addFailure(address: string, account: string, now: number = performance.now()): void {
    this.#add(`address ${address}`, now);
    this.#add(`account ${account}`, now);
  }

  #wait(key: string, most: number, now: number): number {
    const attempts = this.#attempts.get(key);
    if (attempts === undefined || attempts.count < most) return 0;
    return attempts.since + windowMs - now;
  }

  #add(key: string, now: number): void {
    const existing = this.#attempts.get(key);
    if (existing !== undefined && existing.since + windowMs > now) {
      existing.count += 1;
      return;
    }
    this.#attempts.delete(key);
    this.#attempts.set(key, { count: 1, since: now });
    // A map keeps the order of insertion: the first is the oldest.
    const oldest = this.#attempts.keys().next().value;
    if (this.#attempts.size > mostEntries && oldest !== undefined) this.#attempts.delete(oldest);
  }
}

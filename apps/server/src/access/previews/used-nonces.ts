const mostNonces = 10_000;

/** Remembers which tokens were used, until they expire. */
export class UsedNonces {
  readonly #expiries = new Map<string, number>();

  /** True for the first use. When too many are remembered, new ones are refused rather than old ones forgotten. */
  add(nonce: string, expiresAt: number, now: number = Date.now()): boolean {
    if (this.#expiries.has(nonce)) return false;
    for (const [known, expiry] of this.#expiries) {
      if (expiry > now) break;
      this.#expiries.delete(known);
    }
    if (this.#expiries.size >= mostNonces) return false;
    this.#expiries.set(nonce, expiresAt);
    return true;
  }
}

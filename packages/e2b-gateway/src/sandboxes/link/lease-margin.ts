/**
 * What the provider's own lease outlasts E2B's time-out by, in milliseconds. The gateway ends a sandbox on time; one that died
 * leaves nothing running for longer than this.
 */
export const leaseMarginMs = 60_000;

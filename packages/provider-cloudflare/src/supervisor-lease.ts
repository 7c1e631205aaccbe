/**
 * How much longer than the Worker's lease the supervisor's own is. The Worker ends a sandbox by keeping its files and
 * stopping it; a supervisor that ends by itself takes the files with it, and does so only where the Worker failed to.
 */
const marginMs = 10 * 60_000;

/** The supervisor's lease, in milliseconds, for a sandbox with this one. */
export function supervisorTtlMs(ttlMs: number): number {
  return ttlMs + marginMs;
}

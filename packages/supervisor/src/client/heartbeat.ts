import type { ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";

/** How silence on a connection is noticed. */
export interface HeartbeatOptions {
  /** How often the supervisor is pinged. */
  readonly everyMs: number;
  /** The number of unanswered pings in a row after which the connection is given up. */
  readonly misses: number;
}

/** Silence of some 45 seconds. A supervisor asks its host as often, so that one that lives is never silent for so long. */
export const defaultHeartbeat: HeartbeatOptions = { everyMs: 9000, misses: 5 };

/**
 * Looks whether the other end of a connection lives, and calls `onSilent` once when it does not. Whatever is heard counts, since
 * the answer to a ping may wait behind an archive on a slow line. Turns are counted and not time: a host that was asleep or
 * stopped itself gives the other end its time.
 */
export function watchForSilence(
  session: ClientHttp2Session,
  duplex: Duplex,
  { everyMs, misses }: HeartbeatOptions,
  onSilent: () => void,
): void {
  let missed = 0;
  const heard = (): void => {
    missed = 0;
  };
  duplex.on("data", heard);
  const timer = setInterval(() => {
    // Its close can wait for what it has still to write.
    if (session.closed || session.destroyed) return clearInterval(timer);
    if (missed >= misses) return onSilent();
    missed += 1;
    session.ping(heard);
  }, everyMs);
  session.once("close", () => {
    clearInterval(timer);
    duplex.off("data", heard);
  });
}

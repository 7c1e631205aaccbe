import type { Duplex } from "node:stream";

/** Carries bytes both ways until both sides have ended. One that breaks off breaks the other; one that closes ends it. */
export function joinSockets(one: Duplex, other: Duplex): void {
  one.pipe(other);
  other.pipe(one);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    // Whoever broke it knows.
    from.on("error", () => {});
    from.once("close", () => {
      if (from.errored !== null || to.writableFinished) to.destroy();
      // What it has left to send goes out first.
      else to.once("finish", () => to.destroy()).end();
    });
  }
}

import type { Duplex } from "node:stream";

/** Carries bytes both ways. Each side's end reaches the other one alone; a side that breaks ends both. */
export function joinStreams(one: Duplex, other: Duplex): void {
  const carry = (from: Duplex, to: Duplex) => {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => {
      if (!from.readableEnded || !to.readableEnded) to.destroy();
    });
  };
  carry(one, other);
  carry(other, one);
  if (one.destroyed || other.destroyed) for (const side of [one, other]) side.destroy();
}

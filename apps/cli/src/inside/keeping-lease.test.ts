import { dropUndefined } from "@glovebox/core/provider";
import { describe, expect, it, vi } from "vitest";
import { keepingLease } from "./keeping-lease.ts";

function sandboxUntil(leaseEndsAt: Date | undefined) {
  const extend = vi.fn(async (ttlMs: number) => new Date(Date.now() + ttlMs));
  const info = async () => dropUndefined({ leaseEndsAt });
  return { extend, sandbox: { info, extend } };
}

describe("the lease of a sandbox that somebody looks into", () => {
  it("is extended where it ends sooner, or where nobody knows when", async () => {
    for (const end of [new Date(Date.now() + 1000), undefined]) {
      const { sandbox, extend } = sandboxUntil(end);
      await keepingLease(sandbox).extend(60_000);
      expect(extend).toHaveBeenCalledTimes(1);
    }
  });

  it("is never made shorter", async () => {
    const end = new Date(Date.now() + 3_600_000);
    const { sandbox, extend } = sandboxUntil(end);
    expect(await keepingLease(sandbox).extend(60_000)).toEqual(end);
    expect(extend).not.toHaveBeenCalled();
  });
});

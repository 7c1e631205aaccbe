import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Sandbox } from "../../provider/sandbox.ts";
import { LeaseKeeper } from "./lease-keeper.ts";

const leaseMs = 9000;

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** Keeps the lease of a sandbox that answers `answerMs` after it was asked. */
function keep(answerMs: number) {
  const ends: number[] = [];
  const extend = vi.fn(async (ttlMs: number) => {
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    return new Date(Date.now() + ttlMs);
  });
  const keeper = new LeaseKeeper({
    sandbox: () => ({ extend }) as Partial<Sandbox> as Sandbox,
    leaseMs,
    isCurrent: () => true,
    onExtended: (endsAt) => ends.push(endsAt.getTime()),
    onFailure: () => {},
  });
  return { keeper, extend, ends };
}

describe("a lease that is kept", () => {
  it("is extended at once, and then three times within its length", async () => {
    const { keeper, extend } = keep(0);
    expect(extend).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(leaseMs);
    expect(extend).toHaveBeenCalledTimes(4);
    keeper.dispose();
  });

  it("never ends later than its length after the request, however late the reply is read", async () => {
    const { keeper, ends } = keep(2500);
    await vi.advanceTimersByTimeAsync(6000);
    expect(ends).toEqual([leaseMs, 3000 + leaseMs]);
    keeper.dispose();
  });

  it("reports nothing of a call that ends after the keeping has ended", async () => {
    const onFailure = vi.fn();
    const onExtended = vi.fn();
    for (const reply of [Promise.reject(new Error("gone")), Promise.resolve(new Date())]) {
      reply.catch(() => {});
      const sandbox = { extend: () => reply } as Partial<Sandbox> as Sandbox;
      new LeaseKeeper({ sandbox: () => sandbox, leaseMs, isCurrent: () => true, onExtended, onFailure }).dispose();
    }
    await vi.advanceTimersByTimeAsync(1);
    expect(onFailure).not.toHaveBeenCalled();
    expect(onExtended).not.toHaveBeenCalled();
  });

  it("reports a lock that cannot be read as a failure", async () => {
    const onFailure = vi.fn();
    const isCurrent = () => {
      throw new Error("unreadable");
    };
    const keeper = new LeaseKeeper({ sandbox: () => ({}) as Sandbox, leaseMs, isCurrent, onFailure });
    await vi.advanceTimersByTimeAsync(leaseMs);
    expect(onFailure).toHaveBeenCalledTimes(1);
    keeper.dispose();
  });
});

import { describe, expect, it } from "vitest";
import { budget } from "./budget.ts";

const { signal } = new AbortController();

describe("budget", () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("rejects %s dollars", (usd) => {
    expect(() => budget({ usd })).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });

  it("reserves the most that a request can cost, and gives back what it did not use", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    expect(await shared.admit(request, 0.75, signal)).toBe(true);
    expect(shared).toMatchObject({ spentUsd: 0, reservedUsd: 0.75, remainingUsd: 0.25 });
    shared.reconcile(request, 0.25);
    shared.reconcile(request, 0.25);
    expect(shared).toMatchObject({ spentUsd: 0.25, reservedUsd: 0, remainingUsd: 0.75 });
  });

  it("counts what is reserved as spent when nobody knows what a request has cost", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    await shared.admit(request, 0.75, signal);
    shared.reconcile(request);
    expect(shared.spentUsd).toBe(0.75);
  });

  it("makes a request wait for what others hold, in the order in which they came", async () => {
    const shared = budget({ usd: 1 });
    const [first, large, small] = [{}, {}, {}];
    await shared.admit(first, 0.5, signal);
    const admitted: string[] = [];
    const waiting = [
      shared.admit(large, 0.75, signal).then(() => admitted.push("large")),
      shared.admit(small, 0.25, signal).then(() => admitted.push("small")),
    ];
    await Promise.resolve();
    expect(admitted).toEqual([]);
    shared.reconcile(first, 0);
    await Promise.all(waiting);
    expect(admitted).toEqual(["large", "small"]);
  });

  it("refuses what can no longer fit, and admits a smaller request", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    await shared.admit(request, 0.5, signal);
    shared.reconcile(request, 0.5);
    expect(await shared.admit({}, 0.75, signal)).toBe(false);
    expect(await shared.admit({}, 0.5, signal)).toBe(true);
  });

  it("is spent when even the smallest request does not fit", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    expect(shared.isSpent).toBe(false);
    await shared.admit(request, 0.75, signal);
    expect(shared.isSpent).toBe(false);
    shared.reconcile(request, 0.5);
    expect(shared.isSpent).toBe(true);
  });

  it("lets a reservation grow only while it fits", async () => {
    const shared = budget({ usd: 1 });
    const [one, other] = [{}, {}];
    await shared.admit(one, 0.5, signal);
    await shared.admit(other, 0.25, signal);
    expect(shared.reserve(one, 0.75)).toBe(true);
    expect(shared.reserve(one, 0.875)).toBe(false);
    expect(shared.reserve(one, 0.25)).toBe(true);
    expect(shared.remainingUsd).toBe(0.5);
  });

  it("stops waiting when the signal is aborted, and lets the next one pass", async () => {
    const shared = budget({ usd: 1 });
    const stop = new AbortController();
    await shared.admit({}, 0.5, signal);
    const stuck = shared.admit({}, 0.75, stop.signal);
    const next = shared.admit({}, 0.5, signal);
    stop.abort(new Error("left"));
    await expect(stuck).rejects.toThrow("left");
    expect(await next).toBe(true);
  });
});

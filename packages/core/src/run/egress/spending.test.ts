import { describe, expect, it } from "vitest";
import { Spending } from "./spending.ts";

const usage = { type: "usage", model: "m", input: 1, output: 2, cacheRead: 3, cacheWrite: 4 } as const;

describe("what a run has spent", () => {
  it("is the harness's word where nobody else reads it", () => {
    const spending = new Spending();
    expect(spending.tokens).toBeUndefined();
    spending.add({ ...usage, source: "harness" });
    spending.add({ ...usage, source: "harness" });
    expect(spending.tokens).toEqual({ input: 2, output: 4, cacheRead: 6, cacheWrite: 8 });
    expect(spending.costUsd(0.5)).toBe(0.5);
    expect(spending.metered.usd).toBe(0);
  });

  it("is what the gateway read where it does, and nothing is counted twice", () => {
    const spending = new Spending();
    spending.meter();
    expect(spending.costUsd(0.5)).toBeUndefined();
    spending.add({ ...usage, source: "gateway", costUsd: 0.25 });
    spending.add({ ...usage, input: 1000, source: "harness" });
    expect(spending.tokens).toEqual({ input: 1, output: 2, cacheRead: 3, cacheWrite: 4 });
    expect(spending.costUsd(0.5)).toBe(0.25);
    expect(spending.metered.usd).toBe(0.25);
  });

  it("is not known as a whole when a part of it has no price", () => {
    const spending = new Spending();
    spending.meter();
    spending.add({ ...usage, source: "gateway", costUsd: 0.25 });
    spending.add({ ...usage, source: "gateway" });
    expect(spending.costUsd(0.5)).toBeUndefined();
    expect(spending.metered.usd).toBe(0.25);
  });
});

import { expect, it } from "vitest";
import { faultedCalls } from "./faulted-calls.ts";

const calls = Array.from({ length: 23 }, (_, index) => index);

it("hits every call where the limit is not below their number", () => {
  expect(faultedCalls(calls, 23)).toEqual(calls);
});

it("hits as many as the limit allows, from the whole run, and all of them in several turns", () => {
  const turns = [0, 1, 2, 3, 4, 5].map((turn) => faultedCalls(calls, 4, turn));
  for (const hit of turns) {
    expect(hit.length).toBe(4);
    expect(Math.max(...hit) - Math.min(...hit)).toBeGreaterThan(12);
  }
  expect(new Set(turns.flat())).toEqual(new Set(calls));
});

import { describe, expect, it } from "vitest";
import { exitCodeOf } from "./exit-code.ts";

const clean = { state: "clean" } as const;
const left = { state: "left", providerId: "p", reason: "why" } as const;

describe("exitCodeOf", () => {
  it.each([
    [{ outcome: "failed", origin: "usage", cleanup: clean, complete: true }, 2],
    [{ outcome: "failed", origin: "preflight", cleanup: left, complete: false }, 3],
    [{ outcome: "cancelled", cleanup: left, complete: false }, 130],
    [{ outcome: "timed-out", cleanup: clean, complete: true }, 124],
    [{ outcome: "budget-exceeded", cleanup: clean, complete: false }, 6],
    [{ outcome: "failed", origin: "sandbox", cleanup: left, complete: false }, 4],
    [{ outcome: "failed", origin: "harness", cleanup: left, complete: false }, 1],
    [{ outcome: "succeeded", cleanup: left, complete: true }, 5],
    [{ outcome: "succeeded", cleanup: clean, complete: false }, 5],
    [{ outcome: "succeeded", cleanup: clean, complete: true }, 0],
  ] as const)("%j is %i", (facts, code) => {
    expect(exitCodeOf(facts)).toBe(code);
  });
});

import { expect, it } from "vitest";
import { matchesOutput } from "./matches-output.ts";

it("an output is compared with an expression, and an expression without end is given up", () => {
  expect(matchesOutput(/^3 passed$/m, "1 failed\n3 passed\n")).toBe(true);
  expect(matchesOutput(/^3 passed$/m, "2 passed\n")).toBe(false);
  expect(matchesOutput(/^(a+)+$/m, `${"a".repeat(60)}!`)).toBeUndefined();
});

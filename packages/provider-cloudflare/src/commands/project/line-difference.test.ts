import { describe, expect, it } from "vitest";
import { lineDifference } from "./line-difference.ts";

const text = (...lines: readonly string[]) => `${lines.join("\n")}\n`;

describe("lineDifference", () => {
  it("returns nothing for texts that are the same", () => {
    expect(lineDifference(text("a", "b"), text("a", "b"))).toEqual([]);
  });

  it("marks what was left out, added and replaced, with two lines around it", () => {
    const mine = text("1", "2", "3", "4", "5", "6", "7", "8", "9");
    const theirs = text("1", "2", "3", "4", "five", "6", "7", "8", "9", "10");
    expect(lineDifference(mine, theirs)).toEqual(["…", " 3", " 4", "-5", "+five", " 6", " 7", " 8", " 9", "+10", " "]);
  });

  it("shows changes that are far apart on their own", () => {
    const middle = Array.from({ length: 20 }, (_, index) => String(index));
    const shown = lineDifference(text("a", ...middle, "z"), text("b", ...middle, "y"));
    expect(shown).toEqual(["-a", "+b", " 0", " 1", "…", " 18", " 19", "-z", "+y", " "]);
  });

  it("shows texts that are too long to compare as replaced", () => {
    const lines = (prefix: string) => text(...Array.from({ length: 2500 }, (_, index) => `${prefix}${index}`));
    const shown = lineDifference(lines("a"), lines("b"));
    expect(shown.filter((line) => line.startsWith("-"))).toHaveLength(2500);
    expect(shown.filter((line) => line.startsWith("+"))).toHaveLength(2500);
  });
});

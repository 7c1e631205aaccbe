import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { gatherList, parseAmount, parseDuration, parseSize, parseWhole } from "./option-values.ts";

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
  ])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["30", "", "0s", "-5m", "m", "5 m", "5x", "25d", "1e3s", "NaN"])("%j is refused", (text) =>
    expect(() => parseDuration(text)).toThrow(InvalidArgumentError),
  );
});

describe("sizes", () => {
  it.each([
    ["512m", 512],
    ["4g", 4096],
    ["1.5GiB", 1536],
    ["2048k", 2],
    ["4GB", 4096],
  ])("%s is %d MiB", (text, mib) => expect(parseSize(text)).toBe(mib));

  it.each(["4", "", "0g", "-1g", "1k", "4x", "g"])("%j is refused", (text) =>
    expect(() => parseSize(text)).toThrow(InvalidArgumentError),
  );
});

describe("numbers", () => {
  it("takes amounts and whole numbers above zero alone", () => {
    expect(parseAmount("1.5")).toBe(1.5);
    expect(parseWhole("12")).toBe(12);
    for (const bad of ["0", "-1", "x", "", "1e9", "0x10"]) {
      expect(() => parseAmount(bad)).toThrow(InvalidArgumentError);
      expect(() => parseWhole(bad)).toThrow(InvalidArgumentError);
    }
    expect(() => parseWhole("1.5")).toThrow(InvalidArgumentError);
  });
});

it("splits lists of tools at the commas between them", () => {
  expect(gatherList("Read, Bash(git log:*, git diff:*),Edit", ["Write"])).toEqual([
    "Write",
    "Read",
    "Bash(git log:*, git diff:*)",
    "Edit",
  ]);
  expect(() => gatherList(" , ")).toThrow(InvalidArgumentError);
});

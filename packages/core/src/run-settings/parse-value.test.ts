import { describe, expect, it } from "vitest";
import { InvalidOptionsError } from "../errors/index.ts";
import { formatValue, parseAmount, parseCount, parseDuration, parseSize, parseValue } from "./parse-value.ts";

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
  ])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["30", "", "0s", "-5m", "m", "5 m", "5x", "25d", "1e3s", "NaN"])("%j is refused", (text) =>
    expect(() => parseDuration(text)).toThrow(InvalidOptionsError),
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
    expect(() => parseSize(text)).toThrow(InvalidOptionsError),
  );
});

describe("numbers", () => {
  it("takes amounts and whole numbers above zero alone", () => {
    expect(parseAmount("1.5")).toBe(1.5);
    expect(parseCount("12")).toBe(12);
    for (const bad of ["0", "-1", "x", "", "1e9", "0x10"]) {
      expect(() => parseAmount(bad)).toThrow(InvalidOptionsError);
      expect(() => parseCount(bad)).toThrow(InvalidOptionsError);
    }
    expect(() => parseCount("1.5")).toThrow(InvalidOptionsError);
  });
});

it.each([
  ["80%", 0.8],
  ["0.5%", 0.005],
  ["100%", 1],
])("%s is a share of %d", (text, share) => expect(parseValue("share", text)).toBe(share));

it.each(["80", "0%", "101%", "-5%", "", "1e1%"])("%j is not a share", (text) =>
  expect(() => parseValue("share", text)).toThrow(InvalidOptionsError),
);

it("splits lists of tools at the commas between them", () => {
  expect(parseValue("tools", "Read, Bash(git log:*, git diff:*),Edit", ["Write"])).toEqual([
    "Write",
    "Read",
    "Bash(git log:*, git diff:*)",
    "Edit",
  ]);
  expect(() => parseValue("tools", " , ")).toThrow(InvalidOptionsError);
});

it.each([
  ["duration", 1_800_000, "30m"],
  ["duration", 5_400_500, "1h30m500ms"],
  ["size", 5120, "5g"],
  ["size", 512, "512m"],
  ["amount", 1.5, "1.5"],
  ["share", 0.8, "80%"],
])("writes a %s of %d as %s", (type, value, text) => expect(formatValue(type, value)).toBe(text));

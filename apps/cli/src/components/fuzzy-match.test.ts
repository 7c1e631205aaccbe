import { expect, it } from "vitest";
import { fuzzyMatch } from "./fuzzy-match.ts";

it.each([
  ["front", true],
  ["fntdev", true],
  ["dev front", true],
  ["INTERFACES", true],
  ["", true],
  ["vedtnf", false],
  ["front xylophone", false],
])("%j is found: %j", (search, found) => {
  expect(fuzzyMatch(search, "development-team/frontend-developer", "Builds user interfaces")).toBe(found);
});

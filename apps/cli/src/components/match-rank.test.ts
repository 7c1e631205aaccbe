import { expect, it } from "vitest";
import { matchRank } from "./match-rank.ts";

it.each([
  ["front", true],
  ["fntdev", true],
  ["dev front", true],
  ["INTERFACES", true],
  ["", true],
  ["vedtnf", false],
  ["front xylophone", false],
])("%j is found: %j", (search, found) => {
  const rank = matchRank(search, "development-team/frontend-developer", "Builds user interfaces");
  expect(rank !== undefined).toBe(found);
});

it("ranks the name itself above its beginning, its words, its category, its text and its letters", () => {
  const names = ["x/react", "x/react-expert", "x/the-react", "x/preact", "react/x", "x/y", "x/rxexaxcxt"];
  const ranks = names.map((name) => matchRank("react", name, name === "x/y" ? "about react" : ""));
  expect(ranks).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

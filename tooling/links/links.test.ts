import { expect, test } from "vitest";
import { findLinks } from "./find-links.ts";
import { headingAnchors } from "./heading-anchors.ts";

test("finds links in text, tables, HTML and definitions, with their lines", () => {
  const page = `[a](one.md#top)\n\n| [b](<two three.md>) |\n<img src="four.svg">\n\n[c]: five.md "Five"\n`;
  expect(findLinks(page)).toEqual([
    { path: "one.md", anchor: "top", line: 1 },
    { path: "two three.md", anchor: undefined, line: 3 },
    { path: "five.md", anchor: undefined, line: 6 },
    { path: "four.svg", anchor: undefined, line: 4 },
  ]);
});

test("ignores websites and everything in code", () => {
  expect(findLinks("[a](https://example.com) `[b](c.md)`\n\n```md\n[d](e.md)\n```\n[f](mailto:g@example.com)")).toEqual(
    [],
  );
});

test("knows links within the page, and paths with brackets", () => {
  expect(findLinks("[a](#b) [c](d(1).md)")).toEqual([
    { path: "", anchor: "b", line: 1 },
    { path: "d(1).md", anchor: undefined, line: 1 },
  ]);
});

test("gives headings the anchors of GitHub", () => {
  const page =
    "# E2B's protocol\n## `--root-inside`\n## [Cost](cost.md) & time\n## Same\n## Same\n```\n# not one\n```\n";
  expect([...headingAnchors(page)]).toEqual(["e2bs-protocol", "--root-inside", "cost--time", "same", "same-1"]);
});

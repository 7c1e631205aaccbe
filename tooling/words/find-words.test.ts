import { expect, test } from "vitest";
import { findWords } from "./find-words.ts";
import { wordRules } from "./word-rules.ts";

const rules = wordRules(`
## Say / don't say

| Don't say | Say | Fine |
| --- | --- | --- |
| \`door\`, \`doors\` | endpoint | \`next door\` |
| \`is/are told\` | is reported | |

## Names to avoid

| Don't use | Use |
| --- | --- |
| \`asked\` | request |
`);

function found(text: string): string[] {
  return findWords(text, rules, { isCode: true }).map(({ line, rule }) => `${line} ${rule.refused}`);
}

test("finds a refused word in prose, in a file name and inside an identifier", () => {
  expect(found("a door\nopen-door.ts\nopenDoor(); doorToken")).toEqual(["1 door", "2 door", "3 door", "3 door"]);
});

test("accepts a longer word that contains a refused one", () => {
  expect(found("outdoor doorway indoors")).toEqual([]);
});

test("accepts a refused word inside a phrase that the table lists as fine", () => {
  expect(found("the next door")).toEqual([]);
});

test("finds a phrase that a comment breaks over two lines", () => {
  expect(found("// what is\n// told")).toEqual(["1 is/are told"]);
});

test("separates words that punctuation separates", () => {
  expect(found("what it is, told twice")).toEqual([]);
});

test("refuses a name in code and accepts the same word in comments and strings", () => {
  expect(found('const asked = "asked"; // asked')).toEqual(["1 asked"]);
});

test("tells a template's text from the names in its expressions", () => {
  expect(found(`\`asked $${"{"}asked({ a: \`asked\` })} asked\`; asked`)).toEqual(["1 asked", "1 asked"]);
});

test("accepts a word that a comment allows with a reason", () => {
  expect(found("// words:allow door: the vendor's own name\nopenDoor()")).toEqual([]);
});

test("refuses an allowance without a reason", () => {
  expect(found("// words:allow door:\nopenDoor()")).toEqual(["1 door", "2 door"]);
});

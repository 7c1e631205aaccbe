import { expect, it } from "vitest";
import { textWidth } from "./fit-width.ts";
import { TextRows } from "./text-rows.ts";

function rowsOf(parts: readonly string[], width: number): string[] {
  const rows = new TextRows();
  return [...parts.flatMap((part) => rows.push(part, width)), rows.end()];
}

it("breaks between words, however the text comes in parts", () => {
  const text = "one two three\n\n  indented four five";
  const rows = ["one two", "three", "", "  indented", "four five"];
  expect(rowsOf([text], 10)).toEqual(rows);
  expect(rowsOf([...text], 10)).toEqual(rows);
});

it("keeps a long word whole, and breaks a script without spaces by its width", () => {
  const url = "https://example.test/a/long/path";
  expect(rowsOf([`see ${url} now`], 10)).toEqual(["see", url, "now"]);
  const rows = rowsOf(["日本語のテキストは幅が広いです。"], 10);
  expect(rows.join("")).toBe("日本語のテキストは幅が広いです。");
  expect(rows.every((row) => textWidth(row) <= 12)).toBe(true);
});

it("does not keep a row without end", () => {
  const rows = new TextRows();
  for (let index = 0; index < 20; index += 1) rows.push("x".repeat(1000), 80);
  expect(rows.pending.length).toBeLessThan(5000);
});

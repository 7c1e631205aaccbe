import { expect, it } from "vitest";
import { defaultIgnores } from "./default-ignores.ts";
import { createIgnoreFilter } from "./ignore-filter.ts";

it("speaks .gitignore's language, with case and at any depth", () => {
  const { ignores } = createIgnoreFilter(["node_modules", "/top", "logs/", "*.tmp", "!keep.tmp", "a/b"]);
  const left = ["node_modules", "x/node_modules/y", "top", "logs/x", "deep/x.tmp", "a/b/c"];
  const kept = ["Node_Modules/x", "x/top", "logs", "keep.tmp", "x/a/b"];
  for (const path of left) expect([path, ignores(path, false)]).toEqual([path, true]);
  for (const path of kept) expect([path, ignores(path, false)]).toEqual([path, false]);
  expect(ignores("logs", true)).toBe(true);
});

it("takes every legal name", () => {
  const { ignores } = createIgnoreFilter(["x"]);
  for (const path of ["...", "..a", "a\nb", " ", "back\\slash", "#", "!", "a "])
    expect(ignores(path, false)).toBe(false);
});

it("asks the sandbox's side only for what means the same there, and never for more", () => {
  const exclude = (...patterns: string[]) => createIgnoreFilter(patterns).exclude;
  expect(exclude("node_modules", "/top", "a/b", "@scope+x")).toEqual(["node_modules", "./top", "./a/b", "@scope+x"]);
  expect(exclude("logs/", "*.tmp", "[ab]", "#comment", "two words", "\\x", "a?", "..", "a//b", "")).toEqual([]);
  expect(exclude("dropped", "!dropped", "after")).toEqual(["after"]);
  expect(createIgnoreFilter(defaultIgnores).exclude).toEqual(defaultIgnores);
});

import { describe, expect, it } from "vitest";
import { PathSelection } from "./path-selection.ts";

const paths = ["a.js", "src/a.js", "src/deep/b.js", "src/deep/b.ts", "srcs/x", "[x]/y*.js", "constructor.js"];
const selected = (only: string[], exclude: string[] = []) =>
  paths.filter((path) => new PathSelection({ only, exclude }).includes(path));

describe("a selection of paths", () => {
  it.each([
    [[], paths],
    [["src"], ["src/a.js", "src/deep/b.js", "src/deep/b.ts"]],
    [["./src/"], ["src/a.js", "src/deep/b.js", "src/deep/b.ts"]],
    [["*.js"], ["a.js", "constructor.js"]],
    [["constructor*"], ["constructor.js"]],
    [["**/*.js"], ["a.js", "src/a.js", "src/deep/b.js", "[x]/y*.js", "constructor.js"]],
    [["src/**"], ["src/a.js", "src/deep/b.js", "src/deep/b.ts"]],
    [["src/?.js"], ["src/a.js"]],
    [["[x]/*"], ["[x]/y*.js"]],
    [["."], paths],
  ])("%j takes %j", (only, expected) => expect(selected(only)).toEqual(expected));

  it("leaves out what is excluded, and names what fits nothing", () => {
    expect(selected(["src"], ["src/deep"])).toEqual(["src/a.js"]);
    expect(new PathSelection({ only: ["src", "scr"] }).unmatched(paths)).toBe("scr");
    expect(new PathSelection({ only: ["src"] }).unmatched(paths)).toBeUndefined();
  });
});

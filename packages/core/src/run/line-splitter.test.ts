import { describe, expect, it } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

describe("LineSplitter", () => {
  it("keeps lines and characters whole wherever the bytes are cut", () => {
    const bytes = Buffer.from("grün\n\n€uro\r\nlast");
    for (let cut = 0; cut <= bytes.length; cut++) {
      const splitter = new LineSplitter("stdout");
      const lines = [
        ...splitter.push(bytes.subarray(0, cut)),
        ...splitter.push(bytes.subarray(cut)),
        ...splitter.end(),
      ];
      expect(lines.map(({ line }) => line)).toEqual(["grün", "", "€uro", "last"]);
    }
  });

  it("bounds a line that never ends", () => {
    const splitter = new LineSplitter("stderr");
    const block = Buffer.alloc(1024 * 1024, "x");
    for (let index = 0; index < 40; index++) expect(splitter.push(block)).toEqual([]);
    const [line] = splitter.push(Buffer.from("\n"));
    expect(line?.line.length).toBe(32 * 1024 * 1024);
  });
});

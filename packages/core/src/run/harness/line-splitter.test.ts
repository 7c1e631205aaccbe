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

  it.each([
    ["plain letters", "x", 1000],
    ["escapes", "\\n", 777],
    ["long escapes", '\\u00e9\\\\\\"', 1003],
    ["characters of four bytes", "😀", 1001],
  ])("cuts a long string of %s in a line of JSON and keeps what stands around it", (_what, fill, size) => {
    const splitter = new LineSplitter("stdout", 32_768);
    const text = fill.repeat(40_000);
    const bytes = Buffer.from(`{"first":1,"result":"${text}","last":{"is_error":false}}\n{"short":"line"}\n`);
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      lines.push(...splitter.push(bytes.subarray(at, at + size)).map(({ line }) => line));
    }
    const read = JSON.parse(lines[0] ?? "") as { result: string };
    expect(read).toMatchObject({ first: 1, last: { is_error: false } });
    expect(read.result.endsWith("... [cut]")).toBe(true);
    const kept = read.result.slice(0, -"... [cut]".length);
    expect((JSON.parse(`"${text}"`) as string).startsWith(kept)).toBe(true);
    expect(kept.length).toBeGreaterThan(100);
    expect(lines[0]?.length).toBeLessThan(1200);
    expect(lines.slice(1)).toEqual(['{"short":"line"}']);
  });

  it("bounds a line of JSON that has no end", () => {
    const splitter = new LineSplitter("stdout", 32_768);
    splitter.push(Buffer.from("{"));
    const block = Buffer.from('"key":"value",'.repeat(1000));
    for (let index = 0; index < 40; index++) expect(splitter.push(block)).toEqual([]);
    const [line] = splitter.push(Buffer.from("\n"));
    expect(line?.line.length).toBe(32_768);
  });

  it("bounds a line that never ends", () => {
    const splitter = new LineSplitter("stderr");
    const block = Buffer.alloc(1024 * 1024, "x");
    for (let index = 0; index < 40; index++) expect(splitter.push(block)).toEqual([]);
    const [line] = splitter.push(Buffer.from("\n"));
    expect(line?.line.length).toBe(32 * 1024 * 1024);
  });
});

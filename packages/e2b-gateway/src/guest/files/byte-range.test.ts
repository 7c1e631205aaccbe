import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test.each([
  { header: undefined, expected: undefined },
  { header: "bytes=0-0", expected: { start: 0, end: 0 } },
  { header: "bytes=2-", expected: { start: 2, end: 9 } },
  { header: "bytes=2-100", expected: { start: 2, end: 9 } },
  { header: "bytes=-3", expected: { start: 7, end: 9 } },
  { header: "bytes=-100", expected: { start: 0, end: 9 } },
  { header: "bytes=10-", expected: "unsatisfiable" },
  { header: "bytes=-0", expected: "unsatisfiable" },
  { header: "bytes=5-2", expected: undefined },
  { header: "bytes=0-1,3-4", expected: undefined },
  { header: "lines=0-1", expected: undefined },
  { header: "bytes=-", expected: undefined },
])("$header of ten bytes", ({ header, expected }) => {
  expect(parseByteRange(header, 10)).toEqual(expected);
});
